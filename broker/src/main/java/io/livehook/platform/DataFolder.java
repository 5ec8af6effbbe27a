package io.livehook.platform;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which {@code dev} keeps everything, locked while the process lives. Blocks: not for
 * event loops.
 */
public final class DataFolder implements AutoCloseable {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> FOLDER_OF_OWNER =
      PosixFilePermissions.fromString("rwx------");
  private final Path path;
  private final FileChannel channel;

  private DataFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Makes the folder if it is missing and takes its lock, or says who has it. */
  public static DataFolder lock(Path folder) throws IOException {
    Path path =
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER_OF_OWNER))
            .toRealPath();
    FileChannel channel =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      throw new IOException(
          "Another Livehook uses the folder " + path + ". Stop it, or choose another --data-dir.");
    }
    return new DataFolder(path, channel);
  }

  public Path path() {
    return path;
  }

  /** Writes a file of this folder at once and readable by its owner only. */
  public void writeSecret(String name, String text) throws IOException {
    Path draft = path.resolve(name + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(draft, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try (FileChannel file = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      Files.writeString(draft, text);
      file.force(true);
    }
    Files.move(draft, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException here) {
      return null;
    }
  }
}
