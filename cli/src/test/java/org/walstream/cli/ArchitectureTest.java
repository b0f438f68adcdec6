package org.walstream.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Holds the house to its plan (docs/architecture.md): dependencies point down, packages form no
/// circles, each package says what it is.
class ArchitectureTest {

  /// The modules from bottom to top. Each may use those before it, but for the pairs in
  /// [#STRANGERS].
  private static final List<String> BOTTOM_UP =
      List.of(
          "wal", "file", "redo", "wire", "store", "receive", "standby", "send", "observe", "node",
          "cli");

  /// Modules that must not know each other although the order would let them.
  private static final List<List<String>> STRANGERS =
      List.of(
          List.of("send", "receive"),
          List.of("send", "standby"),
          List.of("store", "wire"),
          List.of("file", "wal"),
          List.of("wire", "file"),
          List.of("wire", "redo"),
          List.of("store", "redo"),
          List.of("receive", "redo"),
          List.of("send", "redo"),
          List.of("observe", "redo"),
          List.of("observe", "standby"),
          List.of("observe", "file"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.walstream");

  @Test
  void dependenciesPointDown() {
    for (int lower = 0; lower < BOTTOM_UP.size(); lower++) {
      for (String upper : BOTTOM_UP.subList(lower + 1, BOTTOM_UP.size())) {
        forbid(BOTTOM_UP.get(lower), upper);
      }
    }
  }

  @Test
  void strangersDoNotMeet() {
    STRANGERS.forEach(pair -> forbid(pair.getFirst(), pair.getLast()));
  }

  @Test
  void walReadsNoFileAndNoSocket() {
    noClasses()
        .that()
        .resideInAPackage("org.walstream.wal..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.channels..", "java.net..")
        .check(CLASSES);
  }

  @Test
  void onlyTransportAndClientTouchSockets() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "org.walstream.wire.message..",
            "org.walstream.wire.auth..",
            "org.walstream.wire.replication..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.channels..", "org.walstream.wire.transport..")
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCircles() {
    slices().matching("org.walstream.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void everyPackageSaysWhatItIs() throws IOException {
    try (var paths = Files.walk(Path.of(".."))) {
      var folders =
          paths
              .filter(p ->
                  p.toString().contains("src/main/java/org/walstream")
                      && p.toString().endsWith(".java"))
              .map(Path::getParent)
              .distinct()
              .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
              .toList();
      assertThat(folders).as("packages without package-info.java").isEmpty();
    }
  }

  private static void forbid(String lower, String upper) {
    noClasses()
        .that()
        .resideInAPackage("org.walstream." + lower + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.walstream." + upper + "..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }
}
