// Echo on asynchronous-codec's LengthCodec, or on unsigned-varint's UviBytes inside its Framed; a thread for each connection.
// Usage: server --dialect NAME --max-payload BYTES PORT
use asynchronous_codec::{Decoder, Encoder, Framed, LengthCodec};
use bytes::{Bytes, BytesMut};
use futures::{executor::block_on, io::AllowStdIo, SinkExt, StreamExt};
use std::net::{TcpListener, TcpStream};
use unsigned_varint::codec::UviBytes;

async fn echo<C, F>(connection: TcpStream, codec: C)
where
    C: Decoder<Item = F> + for<'a> Encoder<Item<'a> = Bytes>,
    Bytes: From<F>,
{
    let mut frames = Framed::new(AllowStdIo::new(connection), codec);
    while let Some(Ok(frame)) = frames.next().await {
        if frames.send(Bytes::from(frame)).await.is_err() {
            return;
        }
    }
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let is_varint = match args[2].as_str() {
        "libp2p" => true,
        "uint64be" => false, // LengthCodec has no limit, so --max-payload has no effect
        _ => std::process::exit(89),
    };
    let max_payload: usize = args[4].parse().expect("--max-payload");
    for connection in TcpListener::bind(format!("127.0.0.1:{}", args[5]))?.incoming().flatten() {
        std::thread::spawn(move || {
            if is_varint {
                let mut codec = UviBytes::<Bytes>::default();
                codec.set_max_len(max_payload);
                block_on(echo::<_, BytesMut>(connection, codec))
            } else {
                block_on(echo::<_, Bytes>(connection, LengthCodec))
            }
        });
    }
    Ok(())
}
