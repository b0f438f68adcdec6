package org.walstream.wire.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CRL;
import java.security.cert.CRLException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Certificates, and lists of revoked ones, out of PEM files.
final class PemCertificates {

  private static final Set<String> CERTIFICATE =
      Set.of("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE");

  private PemCertificates() {}

  /// All certificates of `file`, at least one.
  static List<X509Certificate> read(Path file) throws PemException {
    var certificates = new ArrayList<X509Certificate>();
    for (PemBlock block : PemBlock.read(file)) {
      if (CERTIFICATE.contains(block.label())) {
        certificates.add(certificate(block));
      }
    }
    if (certificates.isEmpty()) {
      throw new PemException("no certificate or crl found");
    }
    return certificates;
  }

  private static X509Certificate certificate(PemBlock block) throws PemException {
    try {
      Certificate certificate =
          factory().generateCertificate(new ByteArrayInputStream(block.content()));
      return (X509Certificate) certificate;
    } catch (CertificateException e) {
      throw new PemException("bad object header", e);
    }
  }

  /// All lists of `file`, at least one.
  static List<X509CRL> readRevoked(Path file) throws PemException {
    var lists = new ArrayList<X509CRL>();
    for (PemBlock block : PemBlock.read(file)) {
      if (block.label().equals("X509 CRL")) {
        lists.add(list(block));
      }
    }
    if (lists.isEmpty()) {
      throw new PemException("no certificate or crl found");
    }
    return lists;
  }

  private static X509CRL list(PemBlock block) throws PemException {
    try {
      CRL list = factory().generateCRL(new ByteArrayInputStream(block.content()));
      return (X509CRL) list;
    } catch (CRLException e) {
      throw new PemException("bad object header", e);
    }
  }

  /// The lists of a directory, whose files OpenSSL looks for by the hashes of their issuers' names
  /// (`5ca9d4f0.r0`) and which are all read here.
  static List<X509CRL> readRevokedDirectory(Path directory) throws PemException {
    var lists = new ArrayList<X509CRL>();
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path file : entries.filter(PemCertificates::isHashed).sorted().toList()) {
        lists.addAll(readRevoked(file));
      }
    } catch (PemException e) {
      throw e;
    } catch (IOException | UncheckedIOException e) {
      throw new PemException("No such file or directory", e);
    }
    return lists;
  }

  private static boolean isHashed(Path file) {
    return String.valueOf(file.getFileName()).matches("[0-9a-f]{8}\\.r\\d+");
  }

  private static CertificateFactory factory() {
    try {
      return CertificateFactory.getInstance("X.509");
    } catch (CertificateException e) {
      throw new IllegalStateException("this Java has no X.509", e); // every Java must have it
    }
  }
}
