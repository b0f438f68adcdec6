package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.walstream.testkit.CrashProcess;
import org.walstream.testkit.Eventually;
import org.walstream.testkit.PortReservation;
import org.walstream.testkit.PostgresServer;
import org.walstream.testkit.Prerequisite;
import org.walstream.testkit.ScratchDirectory;

/// The Debian package in a Debian that has nothing else, no JDK, no Maven, no PostgreSQL:
/// installed, used, upgraded while it runs, and removed. What runs in there meets the servers of
/// this machine over its network.
@Timeout(1200)
@EnabledIfSystemProperty(named = "walstream.test.heavy", matches = "true")
class DebianPackageIT {

  private static final String ROOT_NEEDED = "root, who may install in a chroot";
  private static final List<String> ENVIRONMENT =
      List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "HOME=/tmp");
  private static final String DATA = "/var/lib/walstream/relay";
  private static final String LATER = "9.0.0";

  private static ScratchDirectory scratch;
  private static Chroot debian;
  private static Path made;

  @BeforeAll
  static void makeBoth() throws Exception {
    boolean isRoot = System.getProperty("user.name").equals("root");
    assumeTrue(Prerequisite.met(isRoot, ROOT_NEEDED), ROOT_NEEDED);
    scratch = ScratchDirectory.create("debian");
    made = PackageBuild.make(scratch.path().resolve("made"), "--keep-tree");
    Path root = scratch.path().resolve("root");
    debian = new Chroot(root, ENVIRONMENT);
    String script = PackageBuild.ofCheckout("scripts", "debian-root").toString();
    PackageBuild.run(List.of(script, root.toString()));
    debian.run("root", "adduser", "--disabled-password", "--gecos", "", "someone");
  }

  @AfterAll
  static void delete() {
    if (scratch != null) {
      scratch.close();
    }
  }

  @BeforeEach
  void install() throws Exception {
    install(PackageBuild.file(made, ".deb"));
  }

  private static void install(Path archive) throws Exception {
    Files.copy(
        archive, Files.createTempDirectory(debian.outside("/tmp"), "").resolve("walstream.deb"));
    debian.run("root", "sh", "-c", "dpkg --install /tmp/*/walstream.deb && rm -r /tmp/*");
  }

  @Test
  void somebodyReadsCompletesAndArchives() throws Exception {
    assertThat(debian.run("someone", "walstream", "--version")).startsWith("walstream ");
    assertThat(debian.run("someone", "pg_waldump", "--version"))
        .startsWith("pg_waldump (PostgreSQL) 18");
    assertThat(debian.run("someone", "man", "walstream-receive"))
        .contains("SYNOPSIS", "--synchronous");
    assertThat(debian.run("someone", "man", "5", "walstream.conf")).contains("primary_conninfo");
    try (var server = PostgresServer.builder(18).start()) {
      server.sql("SELECT pg_create_physical_replication_slot('archive', true)");
      assertThat(debian.run("someone", "bash", "-c", completingSlots(server.conninfo())))
          .isEqualTo("archive\n");
      server.sql("CREATE TABLE t AS SELECT generate_series(1, 1000) AS id");
      String end = server.sql("SELECT pg_current_wal_lsn()");
      String segment = server.sql("SELECT pg_walfile_name('%s')".formatted(end));
      server.sql("INSERT INTO t SELECT generate_series(1, 1000)");
      debian.run("someone", "mkdir", "/home/someone/archive");
      debian.run(
          "someone",
          "walstream",
          "receive",
          "-n",
          "-D/home/someone/archive",
          "-d" + server.conninfo(),
          "-Sarchive",
          "-E" + end);
      assertThat(debian.outside("/home/someone/archive/" + segment + ".partial")).isNotEmptyFile();
    }
  }

  /// What bash does when somebody has typed as far as the name of a slot.
  private static String completingSlots(String conninfo) {
    return """
    . /usr/share/bash-completion/bash_completion
    _completion_loader walstream
    COMP_WORDS=(walstream receive -d "'%s'" -S '') COMP_CWORD=5
    COMP_LINE="${COMP_WORDS[*]}"
    compopt() { :; }
    _walstream
    echo "${COMPREPLY[@]}"
    """
        .formatted(conninfo);
  }

  @Test
  void anUpgradeUnderSynchronousLoadLosesNothingAcknowledged() throws Exception {
    Path later = laterPackage();
    try (var primary = PostgresServer.builder(18).setting("wal_keep_size", "1GB").start();
        var port = PortReservation.any()) {
      makeNode(primary);
      primary.sql("CREATE TABLE acknowledged (id int PRIMARY KEY)");
      String downstream = "host=127.0.0.1 user=repl port=" + port.port();
      try (var before = runNode(port.port());
          var standby = PostgresServer.standbyOf(primary, downstream).start();
          var load = new AcknowledgedRows(primary)) {
        primary.set("synchronous_standby_names", "walstream");
        primary.reload();
        load.start();
        load.awaitMore(100);

        install(later); // the files are new, the node still runs
        assertThat(debian.run("root", "dpkg-query", "-Wf${Version}", "walstream")).isEqualTo(LATER);
        load.awaitMore(100);
        before.signal("TERM");
        assertThat(before.awaitExit()).isZero();
        try (var after = runNode(port.port())) {
          load.awaitMore(100);
          assertThat(after.isAlive()).isTrue();
          primary.kill9();
          int rows = load.end();
          String counted = "SELECT count(*) FROM acknowledged WHERE id <= " + rows;
          Eventually.holds(
              "the standby has all " + rows,
              () -> standby.sql(counted).equals(Integer.toString(rows)));
        }
      }
    }
  }

  @Test
  void removalLeavesDataAlone() throws Exception {
    try (var primary = PostgresServer.builder(18).start()) {
      makeNode(primary);
    }
    Path settings =
        Files.writeString(debian.outside("/etc/walstream/archive.conf"), "PGHOST=primary\n");
    debian.run("root", "dpkg", "--purge", "walstream");
    assertThat(debian.outside(DATA).resolve("walstream.conf")).isNotEmptyFile();
    assertThat(settings).isNotEmptyFile();
    assertThat(debian.outside("/usr/lib/walstream")).doesNotExist();
    for (String name : List.of("walstream", "pg_waldump", "pg_receivewal", "pg_controldata")) {
      assertThat(Files.isSymbolicLink(debian.outside("/usr/bin").resolve(name))).as(name).isFalse();
    }
    assertThat(debian.run("root", "getent", "passwd", "walstream")).contains("/var/lib/walstream");
  }

  /// The same program as a later version.
  private static Path laterPackage() throws Exception {
    Path archive = scratch.path().resolve("later.deb");
    PackageBuild.run(
        List.of(
            "env",
            "SOURCE_DATE_EPOCH=1790000000",
            PackageBuild.ofCheckout("packaging", "debian", "make").toString(),
            made.resolve("tree").toString(),
            LATER,
            debian.run("root", "dpkg", "--print-architecture").strip(),
            scratch.path().resolve("work").toString(),
            archive.toString()));
    return archive;
  }

  private static void makeNode(PostgresServer primary) throws Exception {
    debian.run("root", "rm", "-rf", DATA);
    debian.run(
        "walstream", "walstream", "init", "-D", DATA, "--primary-conninfo", primary.conninfo());
    Path node = debian.outside(DATA);
    Files.writeString(node.resolve("pg_hba.conf"), "host all,replication all 127.0.0.1/32 trust\n");
    Files.writeString(node.resolve("users"), "\"repl\" \"\" replication monitor\n");
  }

  private static CrashProcess runNode(int port) {
    var node =
        CrashProcess.start(
            debian.command(
                "walstream", "walstream", "run", "-D", DATA, "-p", Integer.toString(port)));
    node.awaitPrinted("ready to accept connections");
    return node;
  }
}
