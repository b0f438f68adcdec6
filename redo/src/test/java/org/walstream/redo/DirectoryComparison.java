package org.walstream.redo;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.walstream.redo.page.FreeSpaceMap;
import org.walstream.redo.page.FreeSpaceMapPage;
import org.walstream.redo.page.PageHeader;

/// Holds a data directory that we have replayed into against that of a real standby: the same
/// files, of the same sizes, with the same bytes. Passed over is what no WAL tells of.
public final class DirectoryComparison {

  /// pg_control has a time; WAL and its bookkeeping are each one's own; pg_subtrans is made anew by
  /// every server; statistics, caches, locks and logs are no data.
  private static final Pattern PASSED_OVER =
      Pattern.compile(
          "global/pg_control|pg_wal/.*|pg_subtrans/.*|pg_stat/.*|pg_stat_tmp/.*|pg_notify/.*"
              + "|pg_dynshmem/.*|(.*/)?pg_internal\\.init|postmaster\\.(pid|opts)"
              + "|backup_label(\\.old)?|[a-z_]+\\.signal|[a-z_.]+\\.conf|log/.*"
              + "|current_logfiles|pg_logical/replorigin_checkpoint\\.tmp");

  private static final int PIECE_BLOCKS = 256;
  private static final int PIECE_BYTES = PIECE_BLOCKS * PageHeader.PAGE_BYTES;

  private DirectoryComparison() {}

  /// @return what differs, one line each
  public static List<String> differences(Path ours, Path standbys) throws IOException {
    var differences = new ArrayList<String>();
    var names = new TreeSet<String>();
    names.addAll(names(ours));
    names.addAll(names(standbys));
    for (String name : names) {
      Path our = ours.resolve(name);
      Path their = standbys.resolve(name);
      if (!Files.exists(our, NOFOLLOW_LINKS)) {
        differences.add(name + ": missing, the standby has it, " + size(their) + " bytes");
      } else if (!Files.exists(their, NOFOLLOW_LINKS)) {
        differences.add(name + ": the standby has no such file, ours has " + size(our));
      } else if (Files.isRegularFile(our) && Files.isRegularFile(their)) {
        compare(name, our, their, differences);
      }
    }
    return differences;
  }

  private static void compare(String name, Path ours, Path theirs, List<String> differences)
      throws IOException {
    if (Files.size(ours) != Files.size(theirs)) {
      differences.add(
          "%s: %d bytes, the standby's has %d"
              .formatted(name, Files.size(ours), Files.size(theirs)));
    }
    try (InputStream our = Files.newInputStream(ours);
        InputStream their = Files.newInputStream(theirs)) {
      byte[] ourPiece = our.readNBytes(PIECE_BYTES);
      byte[] theirPiece = their.readNBytes(PIECE_BYTES);
      for (int block = 0; ourPiece.length > 0 && theirPiece.length > 0; block += PIECE_BLOCKS) {
        compare(name, block, ourPiece, theirPiece, differences);
        ourPiece = our.readNBytes(PIECE_BYTES);
        theirPiece = their.readNBytes(PIECE_BYTES);
      }
    }
  }

  private static void compare(
      String name, int firstBlock, byte[] ours, byte[] theirs, List<String> differences) {
    int length = Math.min(ours.length, theirs.length);
    for (int page = 0; page < length; page += PageHeader.PAGE_BYTES) {
      int end = Math.min(length, page + PageHeader.PAGE_BYTES);
      int at = Arrays.mismatch(ours, page, end, theirs, page, end);
      int block = firstBlock + page / PageHeader.PAGE_BYTES;
      if (at >= 0 && !(name.endsWith("_fsm") && isUpperPage(block))) {
        differences.add(
            "%s: block %d differs at %d of it: %s, the standby's %s"
                .formatted(
                    name, block, at, hex(ours, page + at, end), hex(theirs, page + at, end)));
      }
    }
  }

  /// Upper pages of free space maps are changed by truncations as a hint, which with checksums does
  /// not have them written: what a server has on disk depends on when it wrote last.
  private static boolean isUpperPage(int block) {
    int number = (block - 2) / (FreeSpaceMapPage.SLOTS + 1) * FreeSpaceMapPage.SLOTS;
    int following = (block - 2) % (FreeSpaceMapPage.SLOTS + 1);
    return block < 2 || FreeSpaceMap.blockOf(0, number + following) != block;
  }

  private static String hex(byte[] bytes, int from, int end) {
    return HexFormat.of().formatHex(bytes, from, Math.min(end, from + 16));
  }

  private static Set<String> names(Path root) throws IOException {
    var names = new TreeSet<String>();
    try (Stream<Path> all = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
      all.map(path -> root.relativize(path).toString())
          .filter(name -> !PASSED_OVER.matcher(name).matches())
          .forEach(names::add);
    }
    return names;
  }

  private static long size(Path path) throws IOException {
    return Files.isRegularFile(path) ? Files.size(path) : 0;
  }
}
