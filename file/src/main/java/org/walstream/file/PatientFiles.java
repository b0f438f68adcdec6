package org.walstream.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// `files`, but where the disk is full, a step waits for space and is taken again: for who has
/// somebody to hold up and nothing better to do. What is written has not been promised to anybody
/// yet, so nothing is lost by waiting.
///
/// A force is not taken again: what had not been on disk before it failed is lost
/// ([OpenFile#force]).
///
/// Any thread; those that wait hold whatever locks they came with.
public final class PatientFiles extends ForwardingFileLayer {

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final BooleanSupplier unless;
  private final Consumer<String> told;
  private final AtomicInteger waiting = new AtomicInteger();

  /// @param unless ends the patience: what fails for want of space fails from then on
  /// @param told what is waited for, once for all who wait at the same time, and the end of it
  public PatientFiles(FileLayer files, BooleanSupplier unless, Consumer<String> told) {
    super(files);
    this.unless = unless;
    this.told = told;
  }

  private interface Step<T> {
    T take() throws IOException;
  }

  private interface Change {
    void make() throws IOException;
  }

  private void whenThereIsSpace(String action, Path path, Change change) throws IOException {
    var _ =
        whenThereIsSpace(
            action,
            path,
            () -> {
              change.make();
              return path;
            });
  }

  private <T> T whenThereIsSpace(String action, Path path, Step<T> step) throws IOException {
    try {
      return step.take();
    } catch (IOException e) {
      if (!NoSpaceException.isMeantBy(e)) {
        throw e;
      }
      return waited(action, path, step, e);
    }
  }

  private <T> T waited(String action, Path path, Step<T> step, IOException first)
      throws IOException {
    IOException failure = first;
    if (waiting.getAndIncrement() == 0 && !isCalledAway()) {
      told.accept(
          "could not %s \"%s\": %s; waiting for space"
              .formatted(action, path, FileErrors.reason(failure)));
    }
    try {
      while (!isCalledAway()) {
        LockSupport.parkNanos(this, PAUSE_NANOS);
        try {
          T result = step.take();
          if (waiting.get() == 1) {
            told.accept("there is space now, going on");
          }
          return result;
        } catch (IOException e) {
          if (!NoSpaceException.isMeantBy(e)) {
            throw e;
          }
          failure = e;
        }
      }
      throw failure;
    } finally {
      waiting.decrementAndGet();
    }
  }

  private boolean isCalledAway() {
    return unless.getAsBoolean() || Thread.currentThread().isInterrupted();
  }

  @Override
  public OpenFile create(Path path) throws IOException {
    return patient(path, whenThereIsSpace("create", path, () -> super.create(path)));
  }

  @Override
  public OpenFile open(Path path) throws IOException {
    return patient(path, super.open(path));
  }

  @Override
  public void reserve(Path path, long bytes) throws IOException {
    whenThereIsSpace("extend", path, () -> super.reserve(path, bytes));
  }

  @Override
  public void rename(Path source, Path target) throws IOException {
    whenThereIsSpace("rename", source, () -> super.rename(source, target));
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    whenThereIsSpace("create directory", directory, () -> super.createDirectory(directory));
  }

  @Override
  public void createSymbolicLink(Path link, Path target) throws IOException {
    whenThereIsSpace("create symbolic link", link, () -> super.createSymbolicLink(link, target));
  }

  private OpenFile patient(Path path, OpenFile opened) {
    return new ForwardingFile(opened) {
      @Override
      public void write(ByteBuffer bytes, long offset) throws IOException {
        int start = bytes.position();
        whenThereIsSpace("write", path, () -> file.write(bytes, offset + bytes.position() - start));
      }
    };
  }
}
