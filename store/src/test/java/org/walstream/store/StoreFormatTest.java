package org.walstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A directory that a later version has made is left alone by this one.
class StoreFormatTest {

  @TempDir Path directory;

  @Test
  void aNewerFormatIsRefusedAndNothingIsTouched() throws IOException {
    mark("2\n");
    // Would be hidden at opening.
    Files.createFile(directory.resolve("00000001.spare"));
    assertThatThrownBy(this::open)
        .isInstanceOf(WalStoreException.class)
        .hasMessageContaining("\"" + directory + "\" has format 2")
        .hasMessageContaining("up to 1");
    assertThat(directory.resolve("00000001.spare")).exists();

    // It is the mark alone that kept us out, and nobody holds the directory now.
    Files.delete(directory.resolve(".walstream.format"));
    open();
    assertThat(directory.resolve("00000001.spare")).doesNotExist();
  }

  @Test
  void theFormatOfTodayMayBeMarkedOrNot() throws IOException {
    open();
    assertThat(directory.resolve(".walstream.format")).doesNotExist();
    mark("1\n");
    open();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "one", "99999999999999999999"})
  void aMarkThatIsNoNumberIsNamed(String content) throws IOException {
    mark(content);
    assertThatThrownBy(this::open)
        .isInstanceOf(WalStoreException.class)
        .hasMessageContaining(directory.resolve(".walstream.format").toString());
  }

  private void mark(String content) throws IOException {
    Files.writeString(directory.resolve(".walstream.format"), content);
  }

  private void open() throws IOException {
    WalStore.open(directory, StoreOptions.DEFAULT).close();
  }
}
