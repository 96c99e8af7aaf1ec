// Echo on tokio-util's LengthDelimitedCodec.
// Usage: server --dialect NAME --max-payload BYTES PORT
use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::codec::{length_delimited::Builder, LengthDelimitedCodec};

fn codec(dialect: &str, max_payload: usize) -> Builder {
    let mut builder = LengthDelimitedCodec::builder();
    builder.max_frame_length(max_payload);
    match dialect {
        "int32" => builder.length_field_type::<u32>().little_endian(),
        "int64" => builder.length_field_type::<u64>().little_endian(),
        "int32be" => builder.length_field_type::<u32>(),
        "int64be" => builder.length_field_type::<u64>(),
        "uint16be" => builder.length_field_type::<u16>(),
        _ => std::process::exit(89),
    };
    builder
}

async fn echo(builder: Builder, connection: TcpStream) -> std::io::Result<()> {
    let mut frames = builder.new_framed(connection);
    while let Some(frame) = frames.next().await {
        frames.send(frame?.freeze()).await?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let builder = codec(&args[2], args[4].parse().expect("--max-payload"));
    let listener = TcpListener::bind(format!("127.0.0.1:{}", args[5])).await?;
    loop {
        let (connection, _) = listener.accept().await?;
        tokio::spawn(echo(builder.clone(), connection));
    }
}
