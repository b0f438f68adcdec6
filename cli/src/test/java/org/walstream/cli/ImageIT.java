package org.walstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.walstream.testkit.Prerequisite;
import org.walstream.testkit.ScratchDirectory;

/// The OCI image that scripts/package-image makes, taken from its layout as a container engine
/// takes it: blobs by their digests, the layer unpacked, and the command run as the configuration
/// says, by its user, in its directory, with its environment.
@Timeout(600)
@EnabledIfSystemProperty(named = "walstream.test.heavy", matches = "true")
class ImageIT {

  private static final String ROOT_NEEDED = "root, who may run in a chroot";
  private static final Pattern DIGEST = Pattern.compile("\"digest\":\"sha256:([0-9a-f]{64})\"");

  private static ScratchDirectory scratch;
  private static Path tree;
  private static Path layout;
  private static String configuration;
  private static Path layer;

  @BeforeAll
  static void make() throws Exception {
    boolean isRoot = System.getProperty("user.name").equals("root");
    assumeTrue(Prerequisite.met(isRoot, ROOT_NEEDED), ROOT_NEEDED);
    scratch = ScratchDirectory.create("image");
    Path made = scratch.path().resolve("made");
    tree = PackageBuild.make(made, "--quick", "--keep-tree").resolve("tree");
    layout = image("first");
    String index = Files.readString(layout.resolve("index.json"));
    List<String> described = digests(Files.readString(blob(digests(index).getFirst())));
    configuration = Files.readString(blob(described.get(0)));
    layer = blob(described.get(1));
  }

  @AfterAll
  static void delete() {
    if (scratch != null) {
      scratch.close();
    }
  }

  private static Path image(String name) throws Exception {
    Path directory = scratch.path().resolve(name);
    String script = PackageBuild.ofCheckout("scripts", "package-image").toString();
    PackageBuild.run(List.of(script, tree.toString(), directory.toString()));
    return directory.resolve("image");
  }

  private static List<String> digests(String json) {
    return DIGEST.matcher(json).results().map(match -> match.group(1)).toList();
  }

  private static Path blob(String digest) {
    return layout.resolve("blobs/sha256").resolve(digest);
  }

  @Test
  void everyBlobIsCalledByItsDigest() throws Exception {
    try (Stream<Path> blobs = Files.list(layout.resolve("blobs/sha256"))) {
      List<Path> all = blobs.toList();
      assertThat(all).hasSize(3);
      for (Path blob : all) {
        assertThat(PackageBuild.run(List.of("sha256sum", blob.toString())))
            .startsWith(blob.getFileName() + " ");
      }
    }
  }

  @Test
  void theSameTreeGivesTheSameImage() throws Exception {
    PackageBuild.run(List.of("diff", "-r", layout.toString(), image("second").toString()));
  }

  @Test
  void itRelaysAndArchivesAsItsOwnUser() throws Exception {
    Path root = Files.createDirectories(scratch.path().resolve("root"));
    PackageBuild.run(
        List.of("tar", "--numeric-owner", "-xpzf", layer.toString(), "-C", root.toString()));
    var container = new Chroot(root, words("Env"));
    String user = word("User");
    assertThat(user).isEqualTo("10001:10001");
    String home = word("WorkingDir");

    new MainJob(
            words -> {
              var command = new ArrayList<>(words("Entrypoint"));
              command.addAll(words);
              return container.command(user, command.toArray(String[]::new));
            })
        .relaysAndArchives(home, container.outside(home));
  }

  private static String word(String key) {
    var found = Pattern.compile("\"" + key + "\":\"([^\"]*)\"").matcher(configuration);
    assertThat(found.find()).as("%s in %s", key, configuration).isTrue();
    return found.group(1);
  }

  private static List<String> words(String key) {
    var found = Pattern.compile("\"" + key + "\":\\[\"(.*?)\"]").matcher(configuration);
    assertThat(found.find()).as("%s in %s", key, configuration).isTrue();
    return List.of(found.group(1).split("\",\""));
  }
}
