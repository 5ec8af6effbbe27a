# Alone it prints help. Everything runs on the newest JDK >= 21 that bin/java-home finds; JAVA_HOME need not be set.
.DEFAULT_GOAL := help
JDK := $(shell bin/java-home)
JAVA = $(if $(JDK),$(JDK)/bin/java,$(error make needs a JDK 21 or newer, see above))
MVN = $(if $(JDK),,$(error make needs a JDK 21 or newer, see above))$(if $(shell command -v mvn),,$(error make needs Maven 3.8.7 or newer: no 'mvn' on the PATH))JAVA_HOME="$(JDK)" mvn -B -ntp
JAR := broker/target/livehook.jar
TOOLS := it/target/.built
SOURCES := $(shell find pom.xml */pom.xml migrations/src broker/src/main -type f)
TOOL_SOURCES := $(shell find it/src/main broker/src/test -type f)
RUN = "$(JAVA)" -Xmx512m
ARGS ?=
FUZZ_SECONDS ?= 300
JAZZER := 0.30.0

help: ## prints this
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(JAR) ## builds what is missing and starts a broker to try, on an embedded PostgreSQL (ARGS="--port 9090")
	@exec $(RUN) -jar $(JAR) dev $(ARGS)

demo: $(JAR) ## broker, a sample origin and receivers that check signatures; ends by itself
	@exec $(RUN) -jar $(JAR) demo $(ARGS)

test: ## all tests: unit and black box, on a real PostgreSQL
	$(MVN) verify $(ARGS)

it: ## only the black-box tests of the packaged jar
	$(MVN) verify -Dtest=NoUnitTests $(ARGS)

conformance: ## which test shows which rule of LiveResource; fails when one has none, or none that ran
	@rm -rf broker/target/surefire-reports
	$(MVN) -q -pl broker -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest="$$("$(JAVA)" tools/Conformance.java classes)" $(ARGS)
	@"$(JAVA)" tools/Conformance.java check

bench: $(TOOLS) ## throughput, latency, memory against the raw client; writes target/bench.json (ARGS=--help)
	@exec "$(JAVA)" -cp it/target/classes:$(JAR) io.livehook.it.bench.Bench $(ARGS)

profile: $(TOOLS) ## the broker at saturation under JFR: where the CPU goes
	@exec "$(JAVA)" -cp it/target/classes:$(JAR) io.livehook.it.bench.Profile $(ARGS)

compare: $(TOOLS) ## builds or JVM options beside each other: ARGS="FANOUT ROUNDS 'a.jar -Xx' 'b.jar'"
	@exec "$(JAVA)" -cp it/target/classes:$(JAR) io.livehook.it.bench.Compare $(ARGS)

chaos: $(TOOLS) ## a crash loop: N=200 kills, SEED=… to choose the same ones again
	@exec "$(JAVA)" -cp it/target/classes:$(JAR) io.livehook.it.crash.Chaos $(or $(N),200) $(SEED) $(ARGS)

simulate: $(TOOLS) ## the lane in the deterministic simulation: SEED=… shows one run, else FROM=1 N=100000 runs
	@exec "$(JAVA)" -cp broker/target/test-classes:$(JAR) io.livehook.lane.Simulate $(or $(SEED),$(or $(FROM),1) $(or $(N),100000))

fuzz: ## strangers' bytes against every parser, half of the time by Jazzer: FUZZ_SECONDS=300, SEED=…
	-$(MVN) -q -N dependency:copy -Dartifact=com.code-intelligence:jazzer:$(JAZZER) -DoutputDirectory=target/jazzer
	-$(MVN) -q -N dependency:copy -Dartifact=com.code-intelligence:jazzer-api:$(JAZZER) -DoutputDirectory=target/jazzer
	$(MVN) -pl broker -am test -Dtest=LongFuzzTest -Dlivehook.fuzz.seconds=$(FUZZ_SECONDS) \
	  $(if $(SEED),-Dlivehook.fuzz.seed=$(SEED)) -Dlivehook.jazzer=$(CURDIR)/target/jazzer $(ARGS)

aot: $(TOOLS) ## broker/target/livehook.aot, trained by the demo: start with -XX:AOTCache=broker/target/livehook.aot in half the time (JDK 25)
	@exec "$(JAVA)" -cp it/target/classes:$(JAR) io.livehook.it.process.AotCache $(JAR)

fmt: ## formats all Java sources
	$(MVN) -q -N validate -Dformat=apply

check: ## compiles with every check on; no tests
	$(MVN) -q verify -DskipTests

schema: ## writes migrations/schema.sql from a freshly migrated database
	LIVEHOOK_TEST_WRITE=true $(MVN) -q -pl broker -am test -Dtest=SchemaTest

config-page: ## writes docs/CONFIG.md from the table of settings
	LIVEHOOK_TEST_WRITE=true $(MVN) -q -pl broker -am test -Dtest=SettingsPageTest

$(JAR): $(SOURCES)
	@echo "Building $(JAR) …"
	@$(MVN) -q -pl broker -am package -DskipTests
	@touch $@

$(TOOLS): $(SOURCES) $(TOOL_SOURCES)
	@echo "Building the jar and the tools …"
	@$(MVN) -q package -DskipTests
	@touch $(JAR) $@

.PHONY: help run demo test it conformance bench profile compare chaos simulate aot fuzz fmt check schema config-page
