package org.walstream.wire.conninfo;

import java.util.Locale;

/// Whether SCRAM must be bound to the TLS channel it runs in: libpq's `channel_binding`.
public enum ChannelBinding {
  DISABLE,
  PREFER,
  REQUIRE;

  static ChannelBinding parse(String value) {
    for (ChannelBinding binding : values()) {
      if (binding.toString().equals(value)) {
        return binding;
      }
    }
    throw ConnInfoException.invalidValue(ConnInfoOption.CHANNEL_BINDING, value);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
