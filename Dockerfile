# One coordinator, or one proxy: docker build -t ringmaster .
# What it serves stands in /etc/ringmaster/ringmaster.conf, what a coordinator must not lose in /data. See docs/operations.md.
ARG BUILD_IMAGE=maven:3-eclipse-temurin-25
ARG RUNTIME_IMAGE=eclipse-temurin:25-jre

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY . .
RUN mvn -q -B -DskipTests -Dspotless.check.skip -Dcheckstyle.skip -Dringmaster.archive.skip -pl proxy -am package && mkdir /data

FROM ${RUNTIME_IMAGE}
WORKDIR /opt/ringmaster
COPY --from=build /build/bin/ringmaster /build/bin/jvm /build/bin/train bin/
COPY --from=build /build/proxy/target/ringmaster.jar ./
COPY --from=build /build/proxy/target/lib lib/
COPY --from=build /build/conf/container.conf /etc/ringmaster/ringmaster.conf
# A number, so that it needs no entry in the image's list of users.
COPY --from=build --chown=10001:10001 /data /data
# Here, as the class-data archive has to fit this JDK. Without one, starts are slower.
RUN bin/train || true

USER 10001:10001
VOLUME /data
EXPOSE 7379 7380 7390
# Whether a restart would help: of servers that are down it would not, so that is not /ready.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 CMD ["bash", "-c", \
  "exec 3<> /dev/tcp/127.0.0.1/7380 && printf 'GET /live HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ $status = 200 ]"]
# The start script chooses heap and direct memory by the container's limit, as docs/operations.md tells.
ENTRYPOINT ["/opt/ringmaster/bin/ringmaster"]
CMD ["serve", "--config", "/etc/ringmaster/ringmaster.conf"]
