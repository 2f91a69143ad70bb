import Configuration
import JSON
import Sessions

/// What limits were and became, as a running host serves it.
struct LimitSteps {
  let steps: [LimitStep]

  init(_ steps: [LimitStep]) { self.steps = steps }

  var json: JSONValue {
    .object([
      ("ok", true),
      (
        "limits",
        .array(
          steps.map { step in
            .object([
              ("name", .string(step.name.rawValue)), ("unit", .string(step.name.unitText)),
              ("old", .string(step.old.map(step.name.text) ?? "off")),
              ("new", .string(step.new.map(step.name.text) ?? "off")),
            ])
          })
      ),
    ])
  }
}
