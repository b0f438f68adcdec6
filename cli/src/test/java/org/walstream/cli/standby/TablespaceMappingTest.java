package org.walstream.cli.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.walstream.cli.line.UsageException;

class TablespaceMappingTest {

  private final TablespaceMapping mapping = new TablespaceMapping();

  @Test
  void whatIsNotMappedStaysWhereItIs() {
    mapping.add("/old/=/new");
    mapping.add("/a\\=b=/c\\=d");
    assertThat(mapping.apply("/old")).isEqualTo("/new");
    assertThat(mapping.apply("/a=b")).isEqualTo("/c=d");
    assertThat(mapping.apply("/other")).isEqualTo("/other");
  }

  @Test
  void whatIsNoMappingIsRefused() {
    assertThatThrownBy(() -> mapping.add("/old"))
        .isInstanceOf(UsageException.class)
        .hasMessage("invalid tablespace mapping format \"/old\", must be \"OLDDIR=NEWDIR\"");
    assertThatThrownBy(() -> mapping.add("/a=/b=/c"))
        .hasMessage("multiple \"=\" signs in tablespace mapping");
    assertThatThrownBy(() -> mapping.add("old=/new"))
        .hasMessage("old directory is not an absolute path in tablespace mapping: old");
  }
}
