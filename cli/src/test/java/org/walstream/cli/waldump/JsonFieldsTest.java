package org.walstream.cli.waldump;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.walstream.wal.record.RelFileLocator;
import org.walstream.wal.rmgrdesc.RecordText;

class JsonFieldsTest {

  @Test
  void nestsObjectsAndLists() {
    RecordText text = JsonRecord.newText();
    var json = new JsonFields();
    json.begin(text);
    json.lsn("lsn", 0x1_0000_00ABL);
    json.object(
        "fields",
        fields -> {
          fields.number("n", -1);
          fields.unsigned("u", -1);
          fields.numbers("offsets", 3, i -> i * 2L);
          fields.list("parts", 2, (i, part) -> part.flag("odd", i == 1));
          fields.list("none", 0, (_, _) -> {});
        });
    json.locator("rel", new RelFileLocator(1663, 5, -1));
    json.timestamp("at", 1_500_000);
    json.end();
    assertThat(text)
        .hasToString(
            "{\"lsn\": \"1/AB\", \"fields\": {\"n\": -1, \"u\": 18446744073709551615,"
                + " \"offsets\": [0, 2, 4], \"parts\": [{\"odd\": false}, {\"odd\": true}],"
                + " \"none\": []}, \"rel\": \"1663/5/4294967295\","
                + " \"at\": \"2000-01-01T00:00:01.500Z\"}");
  }

  @Test
  void escapesText() {
    RecordText text = JsonRecord.newText();
    var json = new JsonFields();
    json.begin(text);
    json.text("t", "a\"b\\c\nd\u0000é€");
    json.real("nan", Double.NaN);
    json.end();
    assertThat(text).hasToString("{\"t\": \"a\\\"b\\\\c\\u000ad\\u0000é€\", \"nan\": \"NaN\"}");
  }
}
