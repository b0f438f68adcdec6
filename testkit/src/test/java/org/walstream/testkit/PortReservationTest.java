package org.walstream.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PortReservationTest {

  @Test
  void aPortIsTakenOnceInThisProcess() {
    try (var reservation = PortReservation.any()) {
      assertThat(PortReservation.tryReserve(reservation.port())).isNull();
    }
  }

  @Test
  void aReleasedPortIsFree() {
    var reservation = PortReservation.any();
    reservation.close();
    try (var again = PortReservation.tryReserve(reservation.port())) {
      assertThat(again).isNotNull();
    }
  }

  /// Asking for a port that is ours must not let go of it.
  @Test
  void anotherProcessDoesNotGetAPortThatWasAskedForTwice() {
    try (var reservation = PortReservation.any()) {
      assertThat(PortReservation.tryReserve(reservation.port())).isNull();
      try (var other =
          CrashProcess.java(Other.class.getName(), Integer.toString(reservation.port()))) {
        assertThat(other.awaitExit()).isEqualTo(Other.REFUSED);
      }
    }
  }

  /// Another process, which tries to reserve the port that it is given.
  static final class Other {

    static final int REFUSED = 3;

    private Other() {}

    public static void main(String[] arguments) {
      System.exit(PortReservation.tryReserve(Integer.parseInt(arguments[0])) == null ? REFUSED : 0);
    }
  }
}
