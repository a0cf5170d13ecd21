# The first stage builds Millrace from its sources. The second stage holds a Java runtime and the distribution
# without the broker and the registry of `demo` and `bench`.
FROM eclipse-temurin:17-jdk AS build
WORKDIR /src
COPY . .
RUN ./mvnw -q -DskipTests package && rm -r target/millrace/local

FROM eclipse-temurin:25-jre
RUN useradd --system --home-dir /opt/millrace millrace
COPY --from=build /src/target/millrace /opt/millrace
WORKDIR /opt/millrace
USER millrace
ENTRYPOINT ["/opt/millrace/bin/millrace"]
CMD ["--help"]
