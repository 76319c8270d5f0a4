package connector

import (
	"fmt"
	"maps"
	"slices"
)

// find returns the connection that a call means. Not allowed and not existing look the same (S10).
func (c *Connector) find(call *Invocation) (*Connection, error) {
	name := call.Connection
	if name == "" {
		only, err := c.only(call.Caller, call.Brought)
		if err != nil {
			return nil, err
		}
		name = only
	}
	connection := c.connections[name]
	if connection == nil || !call.Caller.may(connection) {
		return nil, &Error{Code: NotFound, Message: "There is no such connection for this caller. Check the address of the connection."}
	}
	call.Record.Connection, call.Record.Caller = name, call.Caller.grants(connection)[name]
	return connection, nil
}

// only returns the one connection of a caller: among those that are brought, when an endpoint comes with the
// call and the key beside it is none of ours; else among the others.
func (c *Connector) only(caller Caller, brought *Brought) (string, error) {
	bringing := brought != nil && !brought.Ours
	var names []string
	others := false
	for name, connection := range c.connections {
		grants := caller.grants(connection)
		_, granted := grants[name]
		if !granted && !caller.All && (len(grants) > 0 || !connection.Open) {
			continue
		}
		if connection.brings() == bringing {
			names = append(names, name)
		} else {
			others = true
		}
	}
	switch {
	case len(names) == 1:
		return names[0], nil
	case len(names) == 0 && others && !bringing:
		return "", unnamedEndpoint()
	case len(names) == 0:
		return "", &Error{Code: NotFound, Message: "There is no connection for this caller."}
	}
	return "", &Error{Code: InvalidRequest, Target: "connection", Message: fmt.Sprintf(
		"You have %d connections, so name one: /connections/NAME/... in the address, or connection beside the action.", len(names))}
}

// Usable returns the connections that a caller may use, in the order of their names.
func (c *Connector) Usable(caller Caller) []*Connection {
	var list []*Connection
	for _, name := range slices.Sorted(maps.Keys(c.connections)) {
		if connection := c.connections[name]; caller.may(connection) {
			list = append(list, connection)
		}
	}
	return list
}

// A Caller is who calls. The zero Caller is nobody in particular.
type Caller struct {
	Grants   map[string]string // by connection that lists the caller: the name it has there
	Bringing map[string]string // the same for connections to which endpoints are brought: another key says who that is
	All      bool              // the operator: every connection
}

func (c Caller) grants(connection *Connection) map[string]string {
	if connection.brings() {
		return c.Bringing
	}
	return c.Grants
}

func (c Caller) may(connection *Connection) bool {
	_, granted := c.grants(connection)[connection.Name]
	return granted || c.All || connection.Open
}

// Open reports whether a call that means this connection needs no caller's key. For "" one open connection is
// enough, of those that are brought when an endpoint comes with the call. A connection that is not open and one
// that does not exist look the same: they need none where all others are open.
func (c *Connector) Open(name string, bringing bool) bool {
	if connection := c.connections[name]; connection != nil && connection.Open {
		return true
	}
	own, open, broughtOpen := 0, 0, false
	for _, connection := range c.connections {
		switch {
		case connection.brings():
			broughtOpen = broughtOpen || connection.Open
		case connection.Open:
			open++
			fallthrough
		default:
			own++
		}
	}
	switch {
	case own == 0, bringing && name == "":
		return broughtOpen
	case name != "":
		return open == own
	}
	return open > 0
}

// OpenToTheWorld reports whether an open connection that a call means is one to which endpoints are brought: whoever
// uses it brings the key that counts.
func (c *Connector) OpenToTheWorld(name string, bringing bool) bool {
	if name != "" {
		connection := c.connections[name]
		return connection != nil && connection.Open && connection.brings()
	}
	for _, connection := range c.connections {
		if !connection.brings() {
			return bringing
		}
	}
	return true
}
