package io.batpak.processor.read;

import io.batpak.processor.model.PayloadModel;
import javax.lang.model.element.TypeElement;

/// A payload as it stands in the source and what was understood of it.
///
/// @param element the annotated record
/// @param model what it says
public record Declaration(TypeElement element, PayloadModel model) {}
