# framespec's programs in an image. Checked by a linter only (hadolint, in ci/package): no container engine has built it.
FROM debian:12-slim AS build
WORKDIR /framespec
COPY ci/setup ci/packages ci/
RUN ci/setup --only-all-programs && rm -rf /var/lib/apt/lists/*
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
