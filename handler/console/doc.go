// Package console is the page a person opens: the actions as forms, what a call did, and the definition to read.
//
//	page/*      --+
//	schema.Action-+--> actions.json --+--> http.Handler at /console, no key needed
//	page/library -+                   |       \-> the browser --> the surface, with the person's key
//
// It knows files, their headers, and actions as data. It must never hear of connections, callers, keys or model
// endpoints: what the page asks for, it asks of the surface, as any other caller. The build tag noconsole leaves
// all of it out of a program.
package console
