internal import PluginABI

/// One declared parameter and its present value.
struct Parameter {
  enum Kind: UInt32 { case boolean = 1, integer, decimal, choice, text }

  var name: StaticString
  var kind: Kind
  var initial: Double = 0
  var min: Double = 0
  var max: Double = 0
  var unit: StaticString = ""
  var choices: StaticString = ""
  var initialText: StaticString = ""
  var about: StaticString
  var isLive: Bool
  var isRequired = false

  var value: Double
  var text: String
  var isSet = false

  /// What the host's rules already ensure, ensured again: a plugin may meet another host.
  func accepts(_ value: Double) -> Bool {
    switch kind {
    case .boolean: value == 0 || value == 1
    case .integer: value >= min && value <= max && value.rounded() == value
    case .decimal: value >= min && value <= max
    case .choice: value >= 0 && value <= max && value.rounded() == value
    case .text: true
    }
  }
}

/// A live parameter was changed while running; the value is inside its declared range.
public struct ParameterUpdate {
  public let name: StaticString
  public let value: Double
  /// Of text parameters.
  public let text: String

  public func isNamed(_ name: StaticString) -> Bool { self.name.isSame(as: name) }
  public var integer: Int { Int(value) }
  public var boolean: Bool { value != 0 }
}
