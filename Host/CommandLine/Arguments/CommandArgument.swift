/// A positional argument: found by place, spoken of by name.
struct CommandArgument: Sendable {
  enum Arity: Sendable {
    case one, optional
    /// Zero or more, one or more.
    case any, some
  }

  var name: String
  var about: String
  var arity: Arity
  var kind: ValueKind

  init(_ name: String, _ about: String, arity: Arity = .one, kind: ValueKind = .text) {
    self.name = name
    self.about = about
    self.arity = arity
    self.kind = kind
  }

  var synopsis: String {
    switch arity {
    case .one: "<\(name)>"
    case .optional: "[<\(name)>]"
    case .any: "[<\(name)> ...]"
    case .some: "<\(name)> ..."
    }
  }
}
