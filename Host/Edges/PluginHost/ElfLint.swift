import PluginABI

/// Checks a plugin file before any of its code can run: constructors run at load. Lists all that
/// is wrong, each with what mends it.
package struct ElfLint {
  package static func check(_ file: PluginFile, policy: LoadPolicy) throws(PluginHostError) {
    let image: ElfImage
    do { image = try ElfImage(file.bytes) } catch {
      throw PluginHostError(
        error.isForeign ? .foreign : .notASharedObject, file.path, error.message,
        remedy: error.remedy)
    }
    let defects = symbols(image) + memory(image) + needed(image, policy)
    if !defects.isEmpty { throw PluginHostError(.lint, file.path, defects) }
  }

  private static let local: UInt8 = 0, unique: UInt8 = 10, hidden: ClosedRange<UInt8> = 1...2
  private static let namesShownMax = 5

  private static func symbols(_ image: ElfImage) -> [PluginHostError.Defect] {
    var defects: [PluginHostError.Defect] = []
    let exported = image.symbols.filter {
      $0.isDefined && $0.binding != local && !hidden.contains($0.visibility)
    }
    if !exported.contains(where: { $0.name == KEEL_ENTRY_SYMBOL }) {
      let other = exported.first { $0.name.hasPrefix("keel_entry_v") }?.name
      defects.append(
        .init(
          "does not export \(KEEL_ENTRY_SYMBOL)" + (other.map { ", but \($0)" } ?? ""),
          other == nil
            ? "define KEEL_EXPORT const keel_entry *\(KEEL_ENTRY_SYMBOL)(void)"
            : "build it against this host's headers"))
    }
    let unique = exported.filter { $0.binding == Self.unique }.map(\.name)
    if !unique.isEmpty {
      defects.append(
        .init(
          "has \(counted(unique, "symbol")) of type GNU_UNIQUE, shared by all its generations",
          "compile with -fno-gnu-unique -fvisibility=hidden"))
    }
    let others = exported.filter { $0.name != KEEL_ENTRY_SYMBOL && $0.binding != Self.unique }
    if !others.isEmpty {
      defects.append(
        .init(
          "exports \(counted(others.map(\.name), "symbol")) beside the entry",
          "compile with -fvisibility=hidden and link with -Wl,--version-script=plugin.map"))
    }
    return defects
  }

  private static func counted(_ names: [String], _ noun: String) -> String {
    let shown = names.prefix(namesShownMax).joined(separator: ", ")
    let more = names.count > namesShownMax ? ", ..." : ""
    return "\(names.count) \(noun)\(names.count == 1 ? "" : "s") (\(shown)\(more))"
  }

  private static func memory(_ image: ElfImage) -> [PluginHostError.Defect] {
    var defects: [PluginHostError.Defect] = []
    let flags = image.dynamic.first { $0.tag == 30 }?.value ?? 0
    if flags & 0x10 != 0 {
      defects.append(
        .init(
          "uses static thread-local storage, of which a running host has little left",
          "compile with -fPIC and without -ftls-model=initial-exec"))
    }
    if flags & 4 != 0 || image.dynamic.contains(where: { $0.tag == 22 }) {
      defects.append(
        .init("needs relocations in its code (TEXTREL)", "compile every source with -fPIC"))
    }
    let stack = image.segments.first { $0.type == ElfImage.typeStack }
    if (stack?.flags ?? 1) & 1 != 0 {
      defects.append(
        .init(
          "asks for an executable stack",
          "link with -Wl,-z,noexecstack; avoid nested functions and unmarked assembly"))
    }
    if image.segments.contains(where: { $0.type == ElfImage.typeLoad && $0.flags & 3 == 3 }) {
      defects.append(
        .init("has memory both writable and executable", "link without -Wl,-N or custom scripts"))
    }
    return defects
  }

  private static func needed(_ image: ElfImage, _ policy: LoadPolicy) -> [PluginHostError.Defect] {
    image.needed.filter { !policy.neededLibrariesAllowed.contains($0) }.map {
      .init(
        "needs \($0), which is not among the allowed libraries",
        "link it statically, or do without; allowed: "
          + policy.neededLibrariesAllowed.sorted().joined(separator: ", "))
    }
  }
}
