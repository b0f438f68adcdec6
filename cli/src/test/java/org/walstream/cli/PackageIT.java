package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.walstream.testkit.ScratchDirectory;

/// What scripts/package makes, unpacked where nobody has built anything, and used with an empty
/// environment: without JAVA_HOME, without HOME.
///
/// With `-Dwalstream.test.heavy=true` it is made twice.
@Timeout(600)
class PackageIT {

  private static final List<String> TOOLS =
      List.of("pg_receivewal", "pg_waldump", "pg_controldata");

  private static ScratchDirectory scratch;
  private static Path made;
  private static Path installed;

  @BeforeAll
  static void makeAndUnpack() throws Exception {
    scratch = ScratchDirectory.create("package");
    made = make("made");
    Path elsewhere = Files.createDirectories(scratch.path().resolve("else/where"));
    PackageBuild.run(
        List.of(
            "tar",
            "-xJf",
            PackageBuild.file(made, ".tar.xz").toString(),
            "-C",
            elsewhere.toString()));
    try (Stream<Path> unpacked = Files.list(elsewhere)) {
      installed = unpacked.findFirst().orElseThrow();
    }
    PackageBuild.run(List.of("chmod", "-R", "a-w", installed.toString()));
  }

  @AfterAll
  static void delete() throws Exception {
    PackageBuild.run(List.of("chmod", "-R", "u+w", scratch.path().toString()));
    scratch.close();
  }

  private static Path make(String name) throws Exception {
    return PackageBuild.make(scratch.path().resolve(name), "--quick", "--keep-tree");
  }

  /// The JVM never makes a cache twice the same, so those of the first are taken: they still have
  /// to fit, which is what everything else is about.
  @Test
  void aSecondOneWithTheSameCachesHasTheSameBytes() throws Exception {
    assumeTrue(Boolean.getBoolean("walstream.test.heavy"), "a heavy check");
    Path again = scratch.path().resolve("same");
    String caches = made.resolve("tree/lib/walstream").toString();
    PackageBuild.make(again, "--quick", "--caches", caches);
    assertThat(PackageBuild.file(again, ".tar.xz"))
        .hasSameBinaryContentAs(PackageBuild.file(made, ".tar.xz"));
  }

  private static Path program() {
    return installed.resolve("bin/walstream");
  }

  /// The JVM refuses to start when it cannot use the cache.
  @Test
  void everyCacheFitsWhereverItLies() throws Exception {
    for (String command : List.of("receive", "waldump", "run", "replay", "standby", "help")) {
      String words = "WALSTREAM_JAVA_OPTS=-XX:AOTMode=on";
      assertThat(
              PackageBuild.run(
                  List.of("env", "-i", words, program().toString(), command, "--help")))
          .contains("Usage:");
    }
  }

  @Test
  void itIsTheToolsByTheirNames() throws Exception {
    assertThat(PackageBuild.run(List.of("env", "-i", program().toString(), "--version")))
        .isEqualTo("walstream 0.1.0 (PostgreSQL 15-18)\n");
    for (String tool : TOOLS) {
      Path link = installed.resolve("lib/walstream/bin").resolve(tool);
      assertThat(PackageBuild.run(List.of("env", "-i", link.toString(), "--version")))
          .startsWith(tool + " (PostgreSQL) 18");
    }
  }

  /// How it is installed, used and removed is tested in a Debian of its own ([DebianPackageIT]).
  @Test
  void theDebianPackageHoldsTheSame() throws Exception {
    assumeTrue(isHere("dpkg-deb"), "dpkg-deb is not here");
    String archive = PackageBuild.file(made, ".deb").toString();
    String files = scratch.path().resolve("debian").toString();
    PackageBuild.run(List.of("dpkg-deb", "--raw-extract", archive, files));
    PackageBuild.run(
        List.of(
            "diff",
            "-r",
            "--no-dereference",
            "--exclude=copyright",
            made.resolve("tree").toString(),
            files + "/usr"));
    PackageBuild.run(List.of("sh", "-c", "cd \"$0\" && md5sum --quiet -c DEBIAN/md5sums", files));
    for (String script : List.of("postinst", "prerm", "postrm")) {
      PackageBuild.run(List.of("sh", "-n", files + "/DEBIAN/" + script));
    }
    assertThat(PackageBuild.run(List.of("dpkg-deb", "--field", archive, "Package", "Version")))
        .isEqualTo("Package: walstream\nVersion: 0.1.0\n");
    assertThat(PackageBuild.run(List.of("env", "-i", files + "/usr/bin/walstream", "--version")))
        .startsWith("walstream 0.1.0 ");
  }

  private static boolean isHere(String tool) throws Exception {
    return new ProcessBuilder("sh", "-c", "command -v " + tool).start().waitFor() == 0;
  }

  @Test
  void helpNamesNoCommandThatWantsACheckout() throws Exception {
    assertThat(PackageBuild.run(List.of("env", "-i", program().toString(), "help")))
        .contains("  receive ")
        .doesNotContain("  bench ")
        .doesNotContain("  demo ");
  }

  @Test
  void manualsAndCompletionsAreThere() throws Exception {
    Path share = installed.resolve("share");
    for (Commands.Entry command : Commands.ALL) {
      if (Commands.find(command.name()).isPresent()) {
        Path page = share.resolve("man/man1/walstream-" + command.name() + ".1.gz");
        assertThat(PackageBuild.run(List.of("gzip", "-dc", page.toString())))
            .contains(".Nm walstream-" + command.name() + "\n");
      }
    }
    assertThat(share.resolve("man/man5/walstream.conf.5.gz")).exists();
    assertThat(share.resolve("zsh/vendor-completions/_walstream")).exists();
    assertThat(share.resolve("fish/vendor_completions.d/walstream.fish")).exists();
    Path bash = share.resolve("bash-completion/completions/walstream");
    assertThat(PackageBuild.run(List.of("bash", "-n", bash.toString()))).isEmpty();
    assertThat(Files.readString(share.resolve("doc/walstream/sbom.cdx.json")))
        .contains("\"CycloneDX\"", "\"h2\"", "\"zstd-jni\"");
  }

  @Test
  void servicesAreSound() throws Exception {
    assumeTrue(isHere("systemd-analyze"), "systemd-analyze is not here");
    for (String unit :
        List.of("walstream@.service", "walstream-receive@.service", "walstream-standby@.service")) {
      String text = Files.readString(installed.resolve("lib/systemd/system").resolve(unit));
      Path instance =
          Files.createDirectories(scratch.path().resolve("units"))
              .resolve(unit.replace("@.", "@relay."));
      // The program is not in /usr/bin here.
      Files.writeString(instance, text.replace("/usr/bin/walstream", program().toString()));
      assertThat(
              PackageBuild.run(
                  List.of("systemd-analyze", "verify", "--man=no", instance.toString())))
          .doesNotContain(unit.replace("@.", "@relay."));
    }
  }

  @Test
  void archivesFromAServerAndRelaysToAStandby() throws Exception {
    Path data = Files.createDirectories(scratch.path().resolve("data"));
    new MainJob(PackageIT::command).relaysAndArchives(data.toString(), data);
  }

  /// But for the caches: the JVM never makes one twice the same.
  @Test
  void aSecondOneHasTheSameBytes() throws Exception {
    assumeTrue(Boolean.getBoolean("walstream.test.heavy"), "a heavy check");
    make("again");
    List<String> diff =
        List.of("diff", "-rq", "--no-dereference", "--exclude=*.aot", "made/tree", "again/tree");
    var process = new ProcessBuilder(diff).directory(scratch.path().toFile()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }

  private static List<String> command(List<String> words) {
    var command = new ArrayList<>(List.of("env", "-i", "PATH=/usr/bin:/bin"));
    command.add(program().toString());
    command.addAll(words);
    return command;
  }
}
