package org.walstream.wal.time;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes TZif files to order.
final class CraftedTzif {

  private record Type(int offset, boolean daylight, int abbreviation) {}

  private record Transition(long at, int type) {}

  private final List<Type> types = new ArrayList<>();
  private final List<Transition> transitions = new ArrayList<>();
  private final List<Transition> leapSeconds = new ArrayList<>();
  private final StringBuilder abbreviations = new StringBuilder();
  private byte[] standardFlags = {};
  private byte[] universalFlags = {};
  private String tail = "\n\n";

  CraftedTzif type(int offset, boolean daylight, String abbreviation) {
    types.add(new Type(offset, daylight, abbreviations.length()));
    abbreviations.append(abbreviation).append('\0');
    return this;
  }

  CraftedTzif transition(String at, int type) {
    transitions.add(new Transition(Moments.second(at), type));
    return this;
  }

  CraftedTzif leapSecond(long at, int total) {
    leapSeconds.add(new Transition(at, total));
    return this;
  }

  CraftedTzif standardFlags(int... flags) {
    standardFlags = bytes(flags);
    return this;
  }

  CraftedTzif universalFlags(int... flags) {
    universalFlags = bytes(flags);
    return this;
  }

  /// All that stands behind the data: `\nRULE\n` as it should be.
  CraftedTzif tail(String bytes) {
    tail = bytes;
    return this;
  }

  byte[] version1() {
    return write(out -> block(out, 0, Integer.BYTES));
  }

  /// With an empty first part, as zic makes it.
  byte[] version2() {
    return write(out -> {
      new CraftedTzif().type(0, false, "").block(out, '2', Integer.BYTES);
      block(out, '2', Long.BYTES);
      out.write(tail.getBytes(StandardCharsets.ISO_8859_1));
    });
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] write(Writing writing) {
    var bytes = new ByteArrayOutputStream();
    try {
      writing.to(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void block(DataOutputStream out, int version, int timeLength) throws IOException {
    out.writeBytes("TZif");
    out.write(version);
    out.write(new byte[15]);
    out.writeInt(universalFlags.length);
    out.writeInt(standardFlags.length);
    out.writeInt(leapSeconds.size());
    out.writeInt(transitions.size());
    out.writeInt(types.size());
    out.writeInt(abbreviations.length());
    for (Transition transition : transitions) {
      time(out, transition.at, timeLength);
    }
    for (Transition transition : transitions) {
      out.write(transition.type);
    }
    for (Type type : types) {
      out.writeInt(type.offset);
      out.write(type.daylight ? 1 : 0);
      out.write(type.abbreviation);
    }
    out.writeBytes(abbreviations.toString());
    for (Transition leapSecond : leapSeconds) {
      time(out, leapSecond.at, timeLength);
      out.writeInt(leapSecond.type);
    }
    out.write(standardFlags);
    out.write(universalFlags);
  }

  private static void time(DataOutputStream out, long time, int length) throws IOException {
    if (length == Long.BYTES) {
      out.writeLong(time);
    } else {
      out.writeInt((int) time);
    }
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
