exec java $JO -cp '/tmp/h-bench/target/millrace/lib/*' --add-modules jdk.incubator.vector io.millrace.cli.Millrace bench "$@" 2>&1
