#!/usr/bin/env escript
%% Echo testee on Erlang/OTP's own framing, gen_tcp with {packet, 1 | 2 | 4}, used as it comes.
%%
%%   escript echo_packet.escript [--dialect int32be|uint16be|erlang-packet-1] [--max-payload BYTES] PORT
%%
%% Deframing, framing and the limit ({packet_size, N}) are all done inside the runtime; this file
%% only hands payloads back. One process per connection, so an idle connection delays no other.

-mode(compile).

-define(EXIT_USAGE, 2).
-define(EXIT_CANNOT_WORK, 3).
-define(EXIT_UNIMPLEMENTED, 89).

main(Arguments) ->
    #{port := Port, packet := Packet, max_payload := MaxPayload} =
        arguments(Arguments, #{packet => 4, max_payload => 16#1000000}),
    Options = [binary, {ip, {127, 0, 0, 1}}, {packet, Packet}, {packet_size, MaxPayload},
               {active, false}, {exit_on_close, false}, {nodelay, true}, {reuseaddr, true},
               {backlog, 1024}],
    case gen_tcp:listen(Port, Options) of
        {ok, Listener} ->
            {ok, {_, Bound}} = inet:sockname(Listener),
            io:format("listening on 127.0.0.1:~b~n", [Bound]),
            accept_loop(Listener);
        {error, Reason} ->
            stop(?EXIT_CANNOT_WORK, "cannot listen on 127.0.0.1:~b: ~s",
                 [Port, inet:format_error(Reason)])
    end.

accept_loop(Listener) ->
    case gen_tcp:accept(Listener) of
        {ok, Connection} ->
            Echo = spawn(fun() -> receive start -> echo_loop(Connection) end end),
            %% A connection already reset cannot be handed over; its process finds out itself.
            _ = gen_tcp:controlling_process(Connection, Echo),
            Echo ! start,
            accept_loop(Listener);
        {error, econnaborted} ->
            accept_loop(Listener);
        {error, Reason} ->
            stop(?EXIT_CANNOT_WORK, "cannot accept: ~s", [inet:format_error(Reason)])
    end.

echo_loop(Connection) ->
    case gen_tcp:recv(Connection, 0) of
        {ok, Payload} ->
            case gen_tcp:send(Connection, Payload) of
                ok -> echo_loop(Connection);
                {error, _} -> gen_tcp:close(Connection)
            end;
        {error, _} ->
            gen_tcp:close(Connection)
    end.

arguments(["--dialect", Dialect | Rest], Known) ->
    arguments(Rest, Known#{packet := packet(Dialect)});
arguments(["--max-payload", Bytes | Rest], Known) ->
    arguments(Rest, Known#{max_payload := number(Bytes, "--max-payload", 1, 16#7fffffff)});
arguments([Port], Known) ->
    Known#{port => number(Port, "the port", 0, 65535)};
arguments(_, _) ->
    usage("usage: echo_packet.escript [--dialect int32be|uint16be|erlang-packet-1] "
          "[--max-payload BYTES] PORT", []).

packet("int32be") -> 4;
packet("uint16be") -> 2;
packet("erlang-packet-1") -> 1;
packet(Dialect) ->
    stop(?EXIT_UNIMPLEMENTED,
         "dialect ~s is not implemented; there are: int32be, uint16be, erlang-packet-1", [Dialect]).

number(Text, What, Least, Most) ->
    case string:to_integer(Text) of
        {Number, ""} when Number >= Least, Number =< Most -> Number;
        _ -> usage("~s is a number from ~b to ~b, not ~s", [What, Least, Most, Text])
    end.

usage(Format, Values) -> stop(?EXIT_USAGE, Format, Values).

stop(Code, Format, Values) ->
    io:format(standard_error, "echo_packet: " ++ Format ++ "~n", Values),
    halt(Code).
