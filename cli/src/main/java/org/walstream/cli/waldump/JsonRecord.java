package org.walstream.cli.waldump;

import org.jspecify.annotations.Nullable;
import org.walstream.wal.PgTimestamp;
import org.walstream.wal.record.BlockReference;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.record.ForkNumber;
import org.walstream.wal.rmgr.Rmgr;
import org.walstream.wal.rmgrdesc.RecordText;

/// A record as one JSON object on a line of its own, with everything that was decoded:
///
/// ```
/// {"lsn": "0/1531CF8", "end_lsn": "0/1531D38", "prev": "0/1531CC0", "xid": 733,
///  "rmgr": "Heap", "type": "INSERT", "length": 59, "total_length": 59,
///  "fields": {"offnum": 3, "flags": 0},
///  "blocks": [{"id": 0, "rel": "1663/5/16384", "fork": "main", "block": 0, "data_length": 3}]}
/// ```
///
/// `length` is without images. `origin`, `toplevel_xid`, and of a block `will_init` and `image` are
/// there when the record has them. Positions and relations are text, moments ISO 8601 in UTC.
final class JsonRecord implements TextSink.Printer {

  private final JsonFields json = new JsonFields();

  /// The text that it prints into: moments in UTC.
  static RecordText newText() {
    return new RecordText((micros, out) -> out.add(PgTimestamp.instant(micros).toString()));
  }

  @Override
  public void print(DecodedXLogRecord record, RecordText out) {
    json.begin(out);
    json.lsn("lsn", record.lsn());
    json.lsn("end_lsn", record.endLsn());
    json.lsn("prev", record.prevLsn());
    json.u32("xid", record.xid());
    json.text("rmgr", RmgrNames.of(record.rmgrId()));
    json.text("type", type(record));
    json.number("length", record.totalLength() - record.imageBytes());
    json.number("total_length", record.totalLength());
    if (record.origin() != 0) {
      json.number("origin", record.origin());
    }
    if (record.toplevelXid() != 0) {
      json.u32("toplevel_xid", record.toplevelXid());
    }
    json.object("fields", Rmgr.interpret(record)::fields);
    blocks(record);
    json.end();
    out.add('\n');
  }

  private static String type(DecodedXLogRecord record) {
    Rmgr rmgr = Rmgr.ofId(record.rmgrId());
    @Nullable String name = rmgr == null ? null : rmgr.recordName(record.format(), record.info());
    return name != null ? name : RmgrNames.unknownType(record.info());
  }

  private void blocks(DecodedXLogRecord record) {
    json.beginArray("blocks");
    for (int id = 0; id <= record.maxBlockId(); id++) {
      if (record.hasBlock(id)) {
        block(record.block(id));
      }
    }
    json.endArray();
  }

  private void block(BlockReference block) {
    json.beginElement();
    json.number("id", block.id());
    json.locator("rel", block.locator());
    int fork = block.forkNumber();
    json.text("fork", ForkNumber.isValid(fork) ? ForkNumber.of(fork).forkName() : "fork " + fork);
    json.u32("block", block.blockNumber());
    if (block.willInit()) {
      json.flag("will_init", true);
    }
    if (block.hasImage()) {
      json.object(
          "image",
          image -> {
            image.number("length", block.image().length());
            image.number("hole_offset", block.holeOffset());
            image.number("hole_length", block.holeLength());
            image.text("compression", block.imageCompression().label());
            image.flag("apply", block.appliesImage());
          });
    }
    json.number("data_length", block.data().length());
    json.end();
  }
}
