# framespec's programs in an image. Checked by a linter only (hadolint, in ci/package): no container engine has built it.
FROM debian:12-slim AS build
# As Debian 12 has them: its releases change no interface.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends \
      cmake g++ libasio-dev libbenchmark-dev libcli11-dev libfmt-dev libre2-dev libsimdjson-dev libspdlog-dev libssl-dev \
      ninja-build nlohmann-json3-dev pkg-config zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /framespec
COPY . .
RUN cmake --preset portable \
    && cmake --build build/portable --target \
      framespec framespec-bench framespec-client framespec-server framespec_manual_files \
    && cmake --install build/portable --component programs --prefix /opt/framespec --strip

FROM debian:12-slim
COPY --from=build /opt/framespec /usr/local
# Nobody: proofs need no privilege. Who wants files of a run in a folder of his own gives his own number (--user).
USER 65534:65534
ENTRYPOINT ["framespec"]
