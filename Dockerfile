# One image for all of Rejoinder: the five programs, chosen by the command (`rejoinder-api` if none is given).
#
#   docker build --tag rejoinder .
#
# The programs have the Swift runtime linked in, so that the last stage is Debian and the C libraries.

FROM swift:6.3-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends pkg-config \
    libuv1-dev libmicrohttpd-dev libhiredis-dev libpq-dev libcurl4-openssl-dev libsimdjson-dev libssl-dev libpcre2-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift ./
COPY Sources ./Sources
# Not compiled here, but SwiftPM wants the folder of each target to exist.
COPY Tests ./Tests
COPY scripts/build-release scripts/link-programs scripts/programs.c ./scripts/
# The cache keeps what was compiled between builds of the image; it is no part of the layer.
RUN --mount=type=cache,target=/src/.build \
    scripts/build-release && scripts/link-programs /rejoinder

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates tzdata \
    libuv1 libmicrohttpd12 libhiredis0.14 libpq5 libcurl4 libsimdjson14 libssl3 libpcre2-8-0 libstdc++6 \
 && rm -rf /var/lib/apt/lists/* /var/log/* /var/cache/debconf/* \
 && useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin rejoinder
# One file under five names. Hard links, so that a program that asks for its own path is told the name it has.
RUN --mount=type=bind,from=build,source=/rejoinder,target=/built \
    cp /built /usr/local/bin/rejoinder && cd /usr/local/bin \
 && for name in api worker scheduler simulator; do ln rejoinder "rejoinder-$name"; done
USER 10001
# The API; metrics and health of workers and the scheduler.
EXPOSE 8080 9101 9102
# SIGTERM drains: see SHUTDOWN_GRACE_SECONDS.
STOPSIGNAL SIGTERM
CMD ["rejoinder-api"]
