package org.walstream.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WalFormatTest {

  @ParameterizedTest
  @EnumSource
  void isToldByPageMagicMajorVersionAndControlFile(WalFormat format) throws Exception {
    assertThat(WalFormat.ofPageMagic(format.pageMagic())).contains(format);
    assertThat(WalFormat.ofMajorVersion(format.majorVersion())).contains(format);
    assertThat(WalFormat.ofControlFile(format.controlFileVersion(), format.catalogVersion()))
        .isEqualTo(format);
  }

  @ParameterizedTest
  @EnumSource
  void aRelationMapIsItsMappingsAndAChecksum(WalFormat format) {
    int length = 8 + format.relationMappings() * 8 + 4;
    assertThat(format.relationMapLength() - length)
        .as("filled up to a sector while it is overwritten in place")
        .isEqualTo(format.relationMapsAreReplaced() ? 0 : 4);
  }

  @Test
  void aMagicOfNoKnownVersionIsNotGuessedAt() {
    for (int magic = 0; magic <= 0xFFFF; magic++) {
      int m = magic;
      WalFormat.ofPageMagic(magic).ifPresent(f -> assertThat(f.pageMagic()).isEqualTo(m));
    }
    assertThat(WalFormat.ofPageMagic(0)).isEmpty();
    assertThat(WalFormat.ofPageMagic(0xD117)).isEmpty();
  }

  @Test
  void refusesTheControlFileOfAnotherVersionWithAHint() {
    assertThatThrownBy(() -> WalFormat.ofControlFile(1300, 202107181))
        .isInstanceOfSatisfying(
            UnsupportedVersionException.class,
            e -> {
              assertThat(e)
                  .hasMessage("unexpected control file version 1300, catalog version 202107181");
              assertThat(e.hint()).isEqualTo("This program reads PostgreSQL 15, 16, 17, 18.");
            });
  }

  @Test
  void namesATablespacesDirectory() {
    assertThat(WalFormat.PG_18.tablespaceVersionDirectory()).isEqualTo("PG_18_202506291");
  }
}
