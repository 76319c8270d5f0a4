// Package schema holds the actions as data: one JSON file each under actions/, compiled once.
// From a file come the route, the place of every parameter, validation, defaults and text.
//
//	actions/*.json --+--> Action  --> Check(query, header)  --> []Violation
//	parameters.json -+           \-> CheckBody(*Document)   --> []Violation
//	                 |
//	definition.json -+-> Definition          --> swagger 2.0, apiProperties, readme
//	caller's bytes -----> Parse --> Document --> Segments: the validated bytes, edited in place
//
// It knows JSON and JSON Schema, and is the only importer of the validator. It must never hear
// of connections, endpoints, HTTP or hosts.
package schema
