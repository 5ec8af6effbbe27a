package io.livehook;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
  private static final String ROOT = "io.livehook";

  /** Most upstream first; imports point to the left only. The root and its commands come last. */
  private static final List<String> ORDER =
      List.of(
          "guard",
          "platform",
          "security",
          "http",
          "resource",
          "lane",
          "log",
          "ingest",
          "delivery",
          "outcome",
          "retention",
          "subscription",
          "api");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  private static final Set<String> READS_A_CLOCK_OR_CHANCE =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.Math.random",
          "java.util.UUID.randomUUID",
          "java.lang.Thread.sleep");

  static Stream<String> packages() {
    return ORDER.stream();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void importsPointUpstream(String name) {
    String[] downstream =
        Stream.concat(
                IntStream.range(ORDER.indexOf(name) + 1, ORDER.size()).mapToObj(ORDER::get),
                Stream.of("command"))
            .map(other -> ROOT + "." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(ROOT + "." + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(downstream)
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage(ROOT)
        .check(CLASSES);
  }

  @Test
  void everyPackageHasItsPlaceInTheOrder() {
    // When
    Set<String> found =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> !name.equals(ROOT))
            .map(name -> name.substring(ROOT.length() + 1))
            .collect(Collectors.toCollection(TreeSet::new));

    // Then
    found.remove("command");
    assertThat(ORDER).containsAll(found);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(*)..").namingSlices("$1").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theLaneKnowsNothingButTheLanguage() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".lane..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + ".lane..",
            "java.lang..",
            "java.util",
            "java.util.function..",
            "java.util.stream..",
            "java.util.random..",
            "java.security..",
            "java.nio..",
            "java.time..",
            "org.jspecify..",
            "com.google.errorprone.annotations..")
        .check(CLASSES);
  }

  @Test
  void theGuardStandsAlone() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".guard..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + ".guard..", "java..", "org.jspecify..", "com.google.errorprone.annotations..")
        .check(CLASSES);
  }

  @Test
  void onlyThePlatformReadsTheClockOrRollsDice() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".platform..")
        .should()
        .callMethodWhere(target(describe("a clock or chance", this::readsAClockOrChance)))
        .check(CLASSES);
  }

  @Test
  void theHotPathHasNoBlockingDatabase() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".platform..", ROOT + ".command..")
        .and()
        .doNotHaveSimpleName("Accounts")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "org.postgresql..", "org.flywaydb..")
        .check(CLASSES);
  }

  @Test
  void onlyTheDeliveryTalksToStrangers() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".delivery..", ROOT + ".command..")
        .should()
        .callMethodWhere(called("io.vertx.core.Vertx", "createHttpClient"))
        .orShould()
        .callMethodWhere(called("io.vertx.core.Vertx", "httpClientBuilder"))
        .orShould()
        .callMethodWhere(called("io.vertx.core.Vertx", "createNetClient"))
        .orShould()
        .callMethodWhere(called("io.vertx.core.Vertx", "createDnsClient"))
        .orShould()
        .callMethodWhere(called("java.net.URL", "openConnection"))
        .orShould()
        .callMethodWhere(called("java.net.URL", "openStream"))
        .orShould()
        .callMethodWhere(called("java.net.InetAddress", "getByName"))
        .orShould()
        .callMethodWhere(called("java.net.InetAddress", "getAllByName"))
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net.http..", "io.vertx.ext.web.client..")
        .check(CLASSES);
  }

  @Test
  void stepsAreJoinedByFuturesOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".platform..", ROOT + ".command..")
        .should()
        .callMethodWhere(called("io.vertx.core.Vertx", "executeBlocking"))
        .orShould()
        .callMethodWhere(called("io.vertx.core.Vertx", "setPeriodic"))
        .orShould()
        .callMethodWhere(called("io.vertx.core.Vertx", "eventBus"))
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.CompletableFuture")
        .check(CLASSES);
  }

  @Test
  void nothingIsNamedAfterNothing() {
    noClasses()
        .should()
        .haveNameMatching(".*(Util|Utils|Helper|Manager|Service|Impl|Dto)(\\$.*)?")
        .check(CLASSES);
  }

  private boolean readsAClockOrChance(AccessTarget called) {
    String name = called.getOwner().getName() + "." + called.getName();
    boolean timeOfDay =
        called.getOwner().getPackageName().equals("java.time")
            && called.getName().equals("now")
            && called instanceof AccessTarget.CodeUnitCallTarget call
            && call.getRawParameterTypes().isEmpty();
    return timeOfDay || READS_A_CLOCK_OR_CHANCE.contains(name);
  }

  private static DescribedPredicate<JavaCall<?>> called(String owner, String method) {
    return describe(
        owner + "." + method,
        call ->
            call.getTarget().getName().equals(method)
                && call.getTarget().getOwner().isAssignableTo(owner));
  }
}
