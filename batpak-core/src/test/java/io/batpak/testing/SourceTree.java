package io.batpak.testing;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The repository as a tree of Java sources: all modules, without resources and build output.
public final class SourceTree {

  private final Path root;
  private final List<Path> files = new ArrayList<>();

  private SourceTree(Path root) {
    this.root = root;
  }

  /// {@return the tree this test runs in}
  ///
  /// @throws IOException if it cannot be read
  public static SourceTree ofRepository() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(root.resolve("batpak-core/pom.xml"))) {
      root = root.getParent();
      if (root == null) {
        throw new IllegalStateException(
            "no repository at or above " + Path.of("").toAbsolutePath());
      }
    }
    var tree = new SourceTree(root);
    Files.walkFileTree(root, tree.new Collector());
    Collections.sort(tree.files);
    return tree;
  }

  /// {@return the root of the repository}
  public Path root() {
    return root;
  }

  /// {@return every Java file of every module, sorted}
  public List<Path> files() {
    return Collections.unmodifiableList(files);
  }

  /// {@return the module a file belongs to, by directory name}
  ///
  /// @param file one of [#files()]
  public String module(Path file) {
    return root.relativize(file).getName(0).toString();
  }

  /// {@return the path as seen from the root}
  ///
  /// @param file one of [#files()]
  public String name(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  /// {@return whether a file is shipped rather than a test}
  ///
  /// @param file one of [#files()]
  public boolean isMain(Path file) {
    return name(file).contains("/src/main/java/");
  }

  private final class Collector extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      String name = directory.getFileName().toString();
      boolean skipped =
          !directory.equals(root)
              && (name.startsWith(".") || name.equals("target") || name.equals("resources"));
      return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (file.toString().endsWith(".java") && name(file).contains("/src/")) {
        files.add(file);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
