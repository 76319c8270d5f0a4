// Package definitions holds every rendering of the connector definition against what others say a definition is. It
// knows go-openapi's validator of Swagger 2.0 and the official JSON Schemas of connectors, and nothing of our own rules.
//
//	schema.Definition ──> swagger, properties ──> go-openapi, testdata/*.schema.json
//
// It is a module of its own, so that the product does not depend on what go-openapi depends on. The official schemas
// use look-ahead in patterns, which neither Go's regexp nor the product's validator has.
package definitions
