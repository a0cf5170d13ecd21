# The first stage builds Millrace from its sources. The second stage holds the distribution and a Java runtime.
FROM eclipse-temurin:17-jdk AS build
WORKDIR /src
COPY . .
RUN ./mvnw -q -DskipTests package

FROM eclipse-temurin:25-jre
RUN useradd --system --home-dir /opt/millrace millrace
COPY --from=build /src/target/millrace /opt/millrace
WORKDIR /opt/millrace
USER millrace
ENTRYPOINT ["/opt/millrace/bin/millrace"]
CMD ["--help"]
