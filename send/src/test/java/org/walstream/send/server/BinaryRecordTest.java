package org.walstream.send.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BinaryRecordTest {

  private static List<@Nullable String> fields(String text) {
    var in = ByteBuffer.wrap(BinaryRecord.of(text));
    var fields = new ArrayList<@Nullable String>();
    for (int left = in.getInt(); left > 0; left--) {
      assertThat(in.getInt()).isEqualTo(25);
      int length = in.getInt();
      if (length < 0) {
        fields.add(null);
      } else {
        byte[] value = new byte[length];
        in.get(value);
        fields.add(new String(value, StandardCharsets.UTF_8));
      }
    }
    assertThat(in.hasRemaining()).isFalse();
    return fields;
  }

  @Test
  void fieldsAreWhatTheTextSays() {
    assertThat(fields("(s1,)")).containsExactly("s1", null);
    assertThat(fields("(s1,0/300000)")).containsExactly("s1", "0/300000");
    assertThat(fields("(,\"\",\"a b\",\"say \"\"x\"\"\",\"(a,b)\",\"a\\\\b\",ü)"))
        .containsExactly(null, "", "a b", "say \"x\"", "(a,b)", "a\\b", "ü");
  }
}
