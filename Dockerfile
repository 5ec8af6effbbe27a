FROM maven:3-eclipse-temurin-25 AS build
WORKDIR /src
COPY pom.xml ./
COPY migrations/pom.xml migrations/
COPY broker/pom.xml broker/
COPY it/pom.xml it/
COPY tools tools
# Downloads while only sources change: this layer stays.
RUN mvn -B -ntp -q -pl broker -am dependency:go-offline || true
COPY migrations migrations
COPY broker broker
COPY bin bin
RUN mvn -B -ntp -q -pl broker -am package -DskipTests

FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --no-create-home livehook && install -d -m 700 -o livehook /keys
COPY --from=build --chmod=0444 /src/broker/target/livehook.jar /app/livehook.jar
USER 10001
WORKDIR /tmp
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["java", "-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", "/app/livehook.jar", "healthcheck"]
# SIGTERM reaches Java itself: no shell in between.
ENTRYPOINT ["java", "-Xmx512m", "-XX:+ExitOnOutOfMemoryError", "-jar", "/app/livehook.jar"]
CMD ["serve"]
