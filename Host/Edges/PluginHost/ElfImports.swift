/// What a plugin asks other libraries for, by name: some of it is no business of a plugin's.
package enum ElfImports {
  /// Names that a plugin file leaves undefined; none when it is no shared object.
  package static func names(of file: PluginFile) -> [String] {
    guard let image = try? ElfImage(file.bytes) else { return [] }
    return image.symbols.filter { !$0.isDefined && !$0.name.isEmpty }.map(\.name)
  }
}
