package org.walstream.testkit.tls;

/// How a private key stands in a PEM file.
public enum KeyForm {
  /// `PRIVATE KEY`
  PKCS8,
  /// `RSA PRIVATE KEY` or `EC PRIVATE KEY`, as they were before PKCS#8
  TRADITIONAL,
  /// `ENCRYPTED PRIVATE KEY`
  ENCRYPTED_PKCS8,
  /// The traditional one with `Proc-Type: 4,ENCRYPTED`
  ENCRYPTED_TRADITIONAL
}
