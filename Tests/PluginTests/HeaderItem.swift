/// What a header declares, in its order.
enum HeaderItem {
  /// `/* ---- orders and money ---- */`, and what follows the title in the same comment.
  case section(title: String, comment: String)
  /// A name for another type.
  case alias(Definition)
  /// A constant or a macro.
  case constant(Definition)
  case enumeration(Enumeration)
  case structure(Structure)

  struct Definition {
    let name: String
    /// As written, without the name where it is a constant.
    let text: String
    var comment: String
  }

  struct Enumeration {
    struct Entry {
      let name: String
      /// What stands above it on a line of its own, for it and those after it.
      let group: String
      var comment: String
    }

    var comment: String
    var entries: [Entry] = []

    /// "KEEL_REASON_", where all begin so.
    var prefix: String? {
      guard let first = entries.first?.name, entries.count > 1 else { return nil }
      var prefix = first
      for entry in entries { prefix = String(zip(prefix, entry.name).prefix { $0 == $1 }.map(\.0)) }
      while !prefix.isEmpty, !prefix.hasSuffix("_") { prefix.removeLast() }
      return prefix.count > "KEEL_".count ? prefix : nil
    }
  }

  struct Structure {
    struct Field {
      let name: String
      let type: String
      let comment: String
    }
    struct Function {
      let name: String
      /// KEEL_EVENT and the like.
      let tags: [String]
      let declaration: String
      let comment: String
    }
    enum Member {
      case field(Field)
      case function(Function)
    }

    let name: String
    var comment: String
    var members: [Member] = []

    var functions: [Function] {
      members.compactMap { if case .function(let function) = $0 { function } else { nil } }
    }
  }

  /// What it should say of itself, and does not.
  var undocumented: [String] {
    switch self {
    case .section, .constant: []
    case .alias(let alias): alias.comment.isEmpty ? [alias.name] : []
    case .enumeration(let enumeration):
      enumeration.comment.isEmpty ? ["enum of \(enumeration.entries.first?.name ?? "nothing")"] : []
    case .structure(let structure):
      (structure.comment.isEmpty ? [structure.name] : [])
        + structure.functions.filter(\.comment.isEmpty).map { "\(structure.name).\($0.name)" }
    }
  }
}
