import Foundation

/// The headers as a document, in their reading order.
struct HeaderReference {
  struct Header {
    let path: String
    let reader: HeaderReader
  }

  let headers: [Header]
  private let overview: HeaderReader
  private let layout: Layout
  private let text: ReferenceText
  /// Those of one enum alone.
  private let ownPrefixes: Set<String>

  /// `layout` is what `ABITests` keeps: "NAME size N", "NAME.FIELD at N size N", "NAME = VALUE".
  init(folder: String, layout: String) throws {
    func read(_ path: String) throws -> String {
      try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
    }
    let all = try read("keel.h")
    overview = HeaderReader(all)
    let paths = all.components(separatedBy: "#include <keel/").dropFirst().map {
      String($0.prefix { $0 != ">" })
    }
    headers = try paths.map { Header(path: $0, reader: HeaderReader(try read($0))) }
    self.layout = Layout(layout)
    let items = headers.flatMap(\.reader.items)
    let prefixes = items.compactMap { item in
      if case .enumeration(let enumeration) = item { enumeration.prefix } else { nil }
    }
    let own = Set(prefixes.filter { prefix in prefixes.count { $0 == prefix } == 1 })
    text = ReferenceText(anchors: Set(items.compactMap { Self.anchor($0, own) }))
    ownPrefixes = own
  }

  /// Names without a word of what they are, each once.
  var undocumented: [String] {
    headers.flatMap { header in
      (header.reader.about.isEmpty ? [header.path] : [])
        + header.reader.items.flatMap(\.undocumented).map { "\(header.path): \($0)" }
    }
  }

  func document() -> String {
    var parts = [Self.head, text.blocks(Self.withoutFirstParagraph(overview.about))]
    parts += [contents(), ids()]
    for header in headers { parts += section(header) }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static let head = """
    # The plugin ABI

    Made from the comments of `PluginABI/include/keel`; change those, then run the tests of
    `ReferenceTests` once with `KEEL_UPDATE_SNAPSHOTS=1`. Offsets and sizes are in bytes, and the
    same on every machine that keel runs on. [README.md](README.md) tells how to write a plugin.
    """

  private static func withoutFirstParagraph(_ comment: String) -> String {
    comment.firstRange(of: "\n *\n").map { String(comment[$0.upperBound...]) } ?? comment
  }

  private static func anchor(_ item: HeaderItem, _ ownPrefixes: Set<String>) -> String? {
    switch item {
    case .structure(let structure): structure.name
    case .enumeration(let enumeration):
      enumeration.prefix.flatMap { ownPrefixes.contains($0) ? $0 : nil }
        ?? enumeration.entries.first?.name
    case .alias(let alias): alias.name
    case .section, .constant: nil
    }
  }

  private func contents() -> String {
    var lines = ["## Contents", "", "| header | is | declares |", "|---|---|---|"]
    for header in headers {
      let names = header.reader.items.compactMap { item in
        if case .structure(let structure) = item { structure.name } else { nil }
      }
      let links = names.map { "[`\($0)`](#\($0))" }.joined(separator: " ")
      lines.append(
        "| [`\(header.path)`](#\(header.path)) | \(text.firstSentence(header.reader.about)) "
          + "| \(links) |")
    }
    return lines.joined(separator: "\n")
  }

  /// The kinds of plugins and the extensions, which are found by their ids.
  private func ids() -> String {
    var lines = [
      "## Kinds and extensions", "", "| id | constant | header | is |", "|---|---|---|---|",
    ]
    for header in headers {
      for case .constant(let constant) in header.reader.items {
        guard let id = layout.values[constant.name], id.hasPrefix("keel."), id.contains("/") else {
          continue
        }
        let about = constant.comment.isEmpty ? header.reader.about : constant.comment
        lines.append(
          "| `\(id)` | `\(constant.name)` | [`\(header.path)`](#\(header.path)) "
            + "| \(text.firstSentence(about)) |")
      }
    }
    return lines.joined(separator: "\n")
  }

  private func section(_ header: Header) -> [String] {
    var parts = [
      "## <a id=\"\(header.path)\"></a>`\(header.path)`", text.blocks(header.reader.about),
    ]
    var rows: [(head: String, row: String)] = []
    func endTable() {
      guard let first = rows.first else { return }
      parts.append(([first.head] + rows.map(\.row)).joined(separator: "\n"))
      rows = []
    }
    for item in header.reader.items {
      if let row = tableRow(item) {
        if rows.first.map({ $0.head != row.head }) ?? false { endTable() }
        rows.append(row)
        continue
      }
      endTable()
      switch item {
      case .section(let title, let comment):
        parts.append("### \(title.prefix(1).uppercased() + title.dropFirst())")
        if !comment.isEmpty { parts.append(text.blocks(comment)) }
      case .enumeration(let enumeration): parts += shown(enumeration)
      case .structure(let structure): parts += shown(structure)
      case .alias, .constant: break
      }
    }
    endTable()
    return parts
  }

  private func tableRow(_ item: HeaderItem) -> (head: String, row: String)? {
    switch item {
    case .alias(let alias):
      (
        "| type | is | meaning |\n|---|---|---|",
        "| <a id=\"\(alias.name)\"></a>`\(alias.name)` | `\(alias.text)` "
          + "| \(text.line(alias.comment)) |"
      )
    case .constant(let constant):
      (
        "| name | is | meaning |\n|---|---|---|",
        "| `\(constant.name)` | \(value(of: constant)) | \(text.line(constant.comment)) |"
      )
    default: nil
    }
  }

  private func value(of constant: HeaderItem.Definition) -> String {
    if let value = layout.values[constant.name] { return "`\(value)`" }
    return constant.text.isEmpty ? "" : "`\(constant.text)`"
  }

  private func shown(_ enumeration: HeaderItem.Enumeration) -> [String] {
    let anchor = Self.anchor(.enumeration(enumeration), ownPrefixes) ?? ""
    let names = enumeration.entries.map { "`\($0.name)`" }
    let title: String
    if let prefix = enumeration.prefix, ownPrefixes.contains(prefix) {
      title = "`\(prefix)…`"
    } else {
      title = names.count > 4 ? "\(names[0]) and others" : names.joined(separator: ", ")
    }
    var lines = ["| value | name | meaning |", "|---:|---|---|"]
    var group = ""
    for entry in enumeration.entries {
      if entry.group != group { lines.append("| | | *\(text.line(entry.group))* |") }
      group = entry.group
      lines.append(
        "| \(layout.values[entry.name] ?? "?") | `\(entry.name)` | \(text.line(entry.comment)) |")
    }
    return [
      "### <a id=\"\(anchor)\"></a>\(title)", text.blocks(enumeration.comment),
      lines.joined(separator: "\n"),
    ].filter { !$0.isEmpty }
  }

  private func shown(_ structure: HeaderItem.Structure) -> [String] {
    var lines = ["| offset | size | type | field | meaning |", "|---:|---:|---|---|---|"]
    for member in structure.members {
      let (name, type, comment): (String, String, String)
      switch member {
      case .field(let field):
        (name, type, comment) = (field.name, "`\(field.type)`", text.line(field.comment))
      case .function(let function):
        (name, type, comment) = (function.name, "function", "\(Self.thread(function)), below")
      }
      let place = layout.places["\(structure.name).\(name)"]
      lines.append(
        "| \(place?.offset ?? "?") | \(place?.size ?? "?") | \(type) | `\(name)` | \(comment) |")
    }
    let functions = structure.functions.map { function in
      """
      #### `\(structure.name).\(function.name)` \(Self.thread(function))

      ```c
      \(function.declaration);
      ```

      \(text.blocks(function.comment))
      """
    }
    let size = layout.sizes[structure.name] ?? "?"
    return [
      "### <a id=\"\(structure.name)\"></a>`\(structure.name)`, \(size) bytes",
      text.blocks(structure.comment), lines.joined(separator: "\n"),
    ].filter { !$0.isEmpty } + functions
  }

  /// "\[event\]", as the headers write it.
  private static func thread(_ function: HeaderItem.Structure.Function) -> String {
    function.tags.map { "\\[\($0.dropFirst("KEEL_".count).lowercased())\\]" }.joined(separator: " ")
  }

  /// Sizes, offsets and values as a compiler said them.
  private struct Layout {
    private(set) var sizes: [String: String] = [:]
    private(set) var places: [String: (offset: String, size: String)] = [:]
    private(set) var values: [String: String] = [:]

    init(_ text: String) {
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ").map(String.init)
        if words.count == 5, words[1] == "at" {
          places[words[0]] = (words[2], words[4])
        } else if words.count == 3, words[1] == "size" {
          sizes[words[0]] = words[2]
        } else if words.count >= 3, words[1] == "=" {
          values[words[0]] = words.dropFirst(2).joined(separator: " ")
        }
      }
    }
  }
}
