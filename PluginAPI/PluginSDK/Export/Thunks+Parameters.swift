internal import PluginABI

extension Thunks {
  static let parameterCount: @convention(c) (Handle) -> UInt32 = { plugin in
    guard let plugin else { return 0 }
    return PluginBox.with(plugin) { UInt32($0.setup.parameters.count) }
  }

  static let parameterInfo:
    @convention(c) (Handle, UInt32, UnsafeMutablePointer<keel_param_info>?) -> keel_status = {
      plugin, index, out in
      guard let plugin, let out else { return Status.argument }
      return PluginBox.with(plugin) { box in
        guard index < box.setup.parameters.count else { return Status.argument }
        guard out.pointee.struct_size >= MemoryLayout<keel_param_info>.size else {
          return Status.version
        }
        return Thunks.describe(box.setup.parameters[Int(index)], id: index, &out.pointee)
      }
    }

  private static func describe(
    _ parameter: Parameter, id: UInt32, _ out: inout keel_param_info
  ) -> keel_status {
    out.id = id
    out.kind = parameter.kind.rawValue
    out.flags = UInt32(
      (parameter.isLive ? KEEL_PARAMF_LIVE : 0) | (parameter.isRequired ? KEEL_PARAMF_REQUIRED : 0))
    out.min = parameter.min
    out.max = parameter.max
    out.initial = parameter.initial
    let fits =
      FixedText.write(parameter.name.text, to: &out.name)
      && FixedText.write(parameter.unit.text, to: &out.unit)
      && FixedText.write(parameter.choices.text, to: &out.choices)
      && FixedText.write(parameter.initialText.text, to: &out.text)
      && FixedText.write(parameter.about.text, to: &out.about)
    return fits ? Status.ok : Status.argument
  }

  static let parameterSet:
    @convention(c) (Handle, UInt32, Double, keel_str, Failure) -> keel_status = {
      plugin, id, value, text, failure in
      guard let plugin else { return Status.argument }
      return PluginBox.with(plugin) { box in
        guard !box.isBuilt else {
          return Thunks.report(
            Status.state, "parameters are set before activate; send KEEL_EV_PARAM", to: failure)
        }
        guard id < box.setup.parameters.count else {
          return Thunks.report(Status.argument, "there is no parameter by this number", to: failure)
        }
        return Thunks.set(&box.setup.parameters[Int(id)], value, text, failure)
      }
    }

  private static func set(
    _ parameter: inout Parameter, _ value: Double, _ text: keel_str, _ failure: Failure
  ) -> keel_status {
    let name = parameter.name.text
    if parameter.kind == .text {
      guard Double(text.len) <= parameter.max else {
        return report(Status.argument, "\(name): the text is too long; shorten it", to: failure)
      }
      let bytes = UnsafeRawBufferPointer(start: text.ptr, count: text.len)
      parameter.text = String(decoding: bytes, as: UTF8.self)
    } else {
      guard parameter.accepts(value) else {
        let range = "\(number(parameter.min)) to \(number(parameter.max))"
        return report(
          Status.argument, "\(name): \(number(value)) is outside \(range); choose a value inside",
          to: failure)
      }
      parameter.value = value
    }
    parameter.isSet = true
    return Status.ok
  }

  private static func number(_ value: Double) -> String {
    DoubleText.format(value, decimals: value.rounded() == value ? 0 : 6)
  }
}
