package org.walstream.send.hba;

/// What a rule wants of a client's certificate beside the method: its options `clientcert` and
/// `clientname`.
///
/// @param compared which name is compared with the user's, if the certificate must be the user's
public record CertificateCheck(Wanted wanted, Name compared) {

  /// How much is wanted.
  public enum Wanted {
    NOTHING,
    /// `verify-ca`: one that somebody has signed whom we trust.
    TRUSTED,
    /// `verify-full`: and it is the user's.
    USERS
  }

  /// A name in a certificate.
  public enum Name {
    /// The common name.
    CN,
    /// All of it.
    DN
  }

  static final CertificateCheck NONE = new CertificateCheck(Wanted.NOTHING, Name.CN);
}
