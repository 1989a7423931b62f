package io.batpak.processor;

import io.batpak.processor.check.Problem;
import io.batpak.processor.check.Problems;
import io.batpak.processor.frozen.Fitting;
import io.batpak.processor.frozen.Misfit;
import io.batpak.processor.frozen.SampleFile;
import io.batpak.processor.frozen.Sampler;
import io.batpak.processor.model.PayloadModel;
import io.batpak.processor.read.Declaration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;

/// The samples that are kept beside the sources, checked against what the sources say today.
final class Frozen {

  static final String DIRECTORY_OPTION = "batpak.frozen";
  static final String FREEZE_OPTION = "batpak.freeze";

  private final Optional<Path> directory;
  private final boolean freeze;
  private final Problems problems;

  Frozen(Map<String, String> options, Problems problems) {
    this.directory = Optional.ofNullable(options.get(DIRECTORY_OPTION)).map(Path::of);
    this.freeze = "true".equals(options.get(FREEZE_OPTION));
    this.problems = problems;
  }

  /// Checks the samples of one payload, or writes them if they are missing and that is wanted.
  /// Samples that are there are never written over.
  void check(Declaration declaration) {
    if (directory.isEmpty()) {
      return;
    }
    Path file = directory.get().resolve(SampleFile.name(declaration.model()));
    try {
      if (Files.exists(file)) {
        check(declaration, Files.readString(file));
      } else if (freeze) {
        write(file, declaration.model());
      } else {
        problems.report(
            Problem.FROZEN_MISSING,
            declaration.element(),
            declaration.model().name().nestedName(),
            file);
      }
    } catch (IOException | IllegalArgumentException e) {
      problems.report(Problem.FROZEN_UNREADABLE, declaration.element(), file, e);
    }
  }

  private static void write(Path file, PayloadModel model) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(
        file,
        SampleFile.render(model, Sampler.samples(model)),
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.WRITE);
  }

  private void check(Declaration declaration, String text) {
    for (byte[] sample : SampleFile.parse(text)) {
      Optional<Misfit> misfit = Fitting.check(sample, declaration.model());
      if (misfit.isPresent()) {
        problems.report(
            Problem.FROZEN_MISFIT,
            place(declaration.element(), misfit.get().component()),
            declaration.model().name().nestedName(),
            misfit.get().field(),
            misfit.get().reason());
        return;
      }
    }
  }

  private static Element place(TypeElement payload, String component) {
    for (Element candidate : payload.getRecordComponents()) {
      if (candidate.getSimpleName().contentEquals(component)) {
        return candidate;
      }
    }
    return payload;
  }
}
