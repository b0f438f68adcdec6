package org.walstream.redo.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.walstream.wal.rmgr.MultiXactRecord.CREATE_ID;
import static org.walstream.wal.rmgr.MultiXactRecord.TRUNCATE_ID;
import static org.walstream.wal.rmgr.MultiXactRecord.ZERO_MEM_PAGE;
import static org.walstream.wal.rmgr.MultiXactRecord.ZERO_OFF_PAGE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.redo.RedoProfile;
import org.walstream.wal.WalFormat;
import org.walstream.wal.crafted.CraftedRecord;
import org.walstream.wal.record.DecodedXLogRecord;
import org.walstream.wal.rmgr.Rmgr;

class MultiXactsTest {

  private static final RedoProfile OLD = new RedoProfile(WalFormat.PG_18, 1);
  private static final RedoProfile NEW = new RedoProfile(WalFormat.PG_18, 2);

  @TempDir Path data;

  @Test
  void membersStandInGroupsOfFour() throws IOException {
    ControlRedo control = control(NEW, 1);
    control.redo(create(5, 3, 1001, 0, 1002, 5).decoded());
    control.flush();
    ByteBuffer members = fixture().file("pg_multixact/members/0000");
    assertThat(members.get(3)).isZero();
    assertThat(members.getInt(4 + 3 * 4)).isEqualTo(1001);
    assertThat(members.get(20)).isEqualTo((byte) 5);
    assertThat(members.getInt(24)).isEqualTo(1002);
    assertThat(control.nextXid()).isEqualTo(1003);
  }

  @Test
  void theNextOneBeginsWhereThisOneEnds() throws IOException {
    ControlRedo control = control(NEW, 1);
    control.redo(create(5, 10, 1001, 0, 1002, 0).decoded());
    control.redo(create(7, 14, 1001, 0).decoded());
    control.flush();
    ByteBuffer offsets = fixture().file("pg_multixact/offsets/0000");
    assertThat(offsets.getInt(5 * 4)).isEqualTo(10);
    assertThat(offsets.getInt(6 * 4)).isEqualTo(12);
    assertThat(offsets.getInt(7 * 4)).isEqualTo(14);
    assertThat(offsets.getInt(8 * 4)).isEqualTo(15);
  }

  @Test
  void olderMinorVersionsSayNothingOfTheNext() throws IOException {
    ControlRedo control = control(OLD, 1);
    control.redo(create(2047, 10, 1001, 0, 1002, 0).decoded());
    control.flush();
    assertThat(data.resolve("pg_multixact/offsets/0000")).hasSize(8192);
    assertThat(fixture().file("pg_multixact/offsets/0000").getInt(2047 * 4)).isEqualTo(10);
  }

  @Test
  void thePageOfTheNextIsMadeAheadOnceAndNotEmptiedAgain() throws IOException {
    ControlRedo control = control(NEW, 2000);
    control.redo(create(2047, 10, 1001, 0).decoded());
    control.redo(zero(ZERO_OFF_PAGE, 1));
    control.flush();
    ByteBuffer offsets = fixture().file("pg_multixact/offsets/0000");
    assertThat(offsets.capacity()).isEqualTo(2 * 8192);
    assertThat(offsets.getInt(8192)).isEqualTo(11);
    control.redo(zero(ZERO_OFF_PAGE, 1));
    control.flush();
    assertThat(fixture().file("pg_multixact/offsets/0000").getInt(8192))
        .as("a second record is believed")
        .isZero();
  }

  @Test
  void aPageThatWalHasMadeAlreadyIsNotMadeAgain() throws IOException {
    ControlRedo control = control(NEW, 2000);
    control.redo(zero(ZERO_OFF_PAGE, 1));
    control.redo(create(2048, 11, 1001, 0).decoded());
    // Written later than the one after it: sessions do not wait for each other.
    control.redo(create(2047, 10, 1001, 0).decoded());
    control.flush();
    ByteBuffer offsets = fixture().file("pg_multixact/offsets/0000");
    assertThat(offsets.getInt(8192)).isEqualTo(11);
    assertThat(offsets.getInt(8196)).isEqualTo(12);
  }

  @Test
  void multixactsAndMembersGoRound() throws IOException {
    ControlRedo control = control(NEW, -1);
    control.redo(create(-1, -1, 1001, 1).decoded());
    control.flush();
    ByteBuffer offsets = fixture().file("pg_multixact/offsets/0000");
    assertThat(offsets.getInt(4)).as("0 is no multixact, and no offset").isEqualTo(1);
    ByteBuffer last = fixture().file("pg_multixact/offsets/FFFF");
    assertThat(last.getInt(31 * 8192 + 8188)).isEqualTo(-1);
    assertThat(data.resolve("pg_multixact/members/14078")).exists();
  }

  @Test
  void zeroesPagesOfMembers() throws IOException {
    ControlRedo control = control(NEW, 1);
    control.redo(create(1, 1640, 1001, 0).decoded());
    control.redo(zero(ZERO_MEM_PAGE, 1));
    control.flush();
    assertThat(fixture().file("pg_multixact/members/0000").getInt(8192 + 4)).isZero();
  }

  @Test
  void removesSegmentsBeforeTheFirstThatHasMembers() throws IOException {
    Path members = data.resolve("pg_multixact/members");
    ControlRedo control = control(NEW, 200_000);
    for (String name : new String[] {"14077", "14078", "0000", "0001"}) {
      Files.write(members.resolve(name), new byte[8192]);
    }
    Files.write(data.resolve("pg_multixact/offsets/0000"), new byte[32 * 8192]);
    Files.write(data.resolve("pg_multixact/offsets/0001"), new byte[32 * 8192]);
    int last = -1;
    int second = 32 * 1636;
    control.redo(
        fixture().record(Rmgr.MULTIXACT, TRUNCATE_ID).i32(5, 1, 65_537, last, second).decoded());
    control.flush();
    assertThat(members.resolve("14077")).exists();
    assertThat(members.resolve("14078")).doesNotExist();
    assertThat(members.resolve("0000")).doesNotExist();
    assertThat(members.resolve("0001")).exists();
    assertThat(data.resolve("pg_multixact/offsets/0000")).doesNotExist();
    assertThat(data.resolve("pg_multixact/offsets/0001")).exists();
  }

  private ControlRedo control(RedoProfile profile, int nextMulti) throws IOException {
    ControlRedo control = fixture().control(profile);
    control.begin(ControlFixture.checkPoint(800, nextMulti, 0), false);
    return control;
  }

  private ControlFixture fixture() throws IOException {
    return new ControlFixture(data, WalFormat.PG_18);
  }

  /// @param members transaction and status of each
  private CraftedRecord create(int multi, int offset, int... members) throws IOException {
    return fixture()
        .record(Rmgr.MULTIXACT, CREATE_ID)
        .i32(multi, offset, members.length / 2)
        .i32(members);
  }

  private DecodedXLogRecord zero(int info, int page) throws IOException {
    return fixture().slruRecord(Rmgr.MULTIXACT, info, page).decoded();
  }
}
