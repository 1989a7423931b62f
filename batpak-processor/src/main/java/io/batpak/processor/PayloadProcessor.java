package io.batpak.processor;

import io.batpak.annotations.EventPayload;
import io.batpak.processor.check.Problem;
import io.batpak.processor.check.Problems;
import io.batpak.processor.model.PayloadKey;
import io.batpak.processor.model.PayloadModel;
import io.batpak.processor.model.TypeName;
import io.batpak.processor.model.Upcaster;
import io.batpak.processor.read.Declaration;
import io.batpak.processor.read.PayloadReader;
import io.batpak.processor.read.Reading;
import io.batpak.processor.write.CodecSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Filer;
import javax.annotation.processing.FilerException;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;

/// Generates a codec for every record annotated with {@link EventPayload}, and the service file
/// that lists the codecs of the newest versions.
///
/// Options: `batpak.frozen`, the directory of the frozen samples, without which none are kept;
/// `batpak.freeze`, `true` to write those that are missing.
public final class PayloadProcessor extends AbstractProcessor {

  private final Map<PayloadKey, Declaration> declarations = new LinkedHashMap<>();
  private final Set<String> deferred = new LinkedHashSet<>();

  /// Creates the processor; the compiler does.
  public PayloadProcessor() {}

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return Set.of(EventPayload.class.getCanonicalName());
  }

  @Override
  public Set<String> getSupportedOptions() {
    return Set.of(Frozen.DIRECTORY_OPTION, Frozen.FREEZE_OPTION);
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    if (round.processingOver()) {
      if (!round.errorRaised()) {
        ServiceFile.write(heads(), processingEnv.getFiler());
      }
      return false;
    }
    var problems = new Problems(processingEnv.getMessager());
    var reader =
        new PayloadReader(processingEnv.getElementUtils(), processingEnv.getTypeUtils(), problems);
    for (TypeElement element : candidates(round)) {
      switch (reader.read(element)) {
        case Reading.Read(var declaration) -> accept(declaration, problems);
        case Reading.Unresolved() -> deferred.add(element.getQualifiedName().toString());
        case Reading.Refused() -> {}
      }
    }
    return false;
  }

  private List<TypeElement> candidates(RoundEnvironment round) {
    var candidates = new ArrayList<TypeElement>();
    for (String name : deferred) {
      TypeElement element = processingEnv.getElementUtils().getTypeElement(name);
      if (element != null) {
        candidates.add(element);
      }
    }
    deferred.clear();
    for (Element element : round.getElementsAnnotatedWith(EventPayload.class)) {
      if (element instanceof TypeElement type) {
        candidates.add(type);
      }
    }
    return candidates;
  }

  private void accept(Declaration declaration, Problems problems) {
    PayloadModel model = declaration.model();
    Declaration other = declarations.putIfAbsent(model.key(), declaration);
    if (other != null) {
      problems.report(
          Problem.DUPLICATE_KIND, declaration.element(), model.key(), other.model().name());
      return;
    }
    new Frozen(processingEnv.getOptions(), problems).check(declaration);
    write(declaration, problems);
  }

  private void write(Declaration declaration, Problems problems) {
    PayloadModel model = declaration.model();
    TypeName codec = model.name().codec();
    Filer filer = processingEnv.getFiler();
    try (Writer out =
        filer.createSourceFile(codec.qualifiedName(), declaration.element()).openWriter()) {
      out.write(CodecSource.render(model));
    } catch (FilerException _) {
      problems.report(
          Problem.CODEC_NAME_TAKEN,
          declaration.element(),
          model.name().nestedName(),
          codec.qualifiedName());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return the payloads that no newer version replaces}
  private List<Declaration> heads() {
    Set<TypeName> replaced =
        declarations.values().stream()
            .flatMap(declaration -> declaration.model().upcaster().stream())
            .map(Upcaster::source)
            .collect(Collectors.toSet());
    return declarations.values().stream()
        .filter(declaration -> !replaced.contains(declaration.model().name()))
        .toList();
  }
}
