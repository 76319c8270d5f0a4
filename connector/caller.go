package connector

import "fmt"

// find returns the connection that a call means. Not allowed and not existing look the same (S10).
func (c *Connector) find(call *Invocation) (*Connection, error) {
	name := call.Connection
	if name == "" {
		only, err := c.only(call.Caller, call.Brought != nil)
		if err != nil {
			return nil, err
		}
		name = only
	}
	connection := c.connections[name]
	if connection == nil || !call.Caller.may(connection) {
		return nil, &Error{Code: NotFound, Message: "There is no such connection for this caller. Check the address of the connection."}
	}
	call.Record.Connection, call.Record.Caller = name, call.Caller.Grants[name]
	return connection, nil
}

// only returns the one connection of a caller, among those that are brought or among the others.
func (c *Connector) only(caller Caller, brought bool) (string, error) {
	var names []string
	for name, connection := range c.connections {
		_, granted := caller.Grants[name]
		if (connection.Bring != nil) == brought && (granted || caller.All || len(caller.Grants) == 0 && connection.Open) {
			names = append(names, name)
		}
	}
	if len(names) == 1 {
		return names[0], nil
	}
	if len(names) == 0 {
		return "", &Error{Code: NotFound, Message: "There is no connection for this caller."}
	}
	return "", &Error{Code: InvalidRequest, Target: "connection", Message: fmt.Sprintf(
		"You have %d connections, so name one: /connections/NAME/... in the address, or connection beside the action.", len(names))}
}

func (c Caller) may(connection *Connection) bool {
	_, granted := c.Grants[connection.Name]
	return granted || c.All || connection.Open
}

// Open reports whether a call that means this connection needs no caller's key. For "" one open connection is
// enough, of those that are brought or of the others; for a name that does not exist all have to be, so that
// the answer tells nothing.
func (c *Connector) Open(name string, brought bool) bool {
	if connection := c.connections[name]; connection != nil {
		return connection.Open
	}
	open, all := 0, 0
	for _, connection := range c.connections {
		if (connection.Bring != nil) == brought {
			all++
			if connection.Open {
				open++
			}
		}
	}
	return open == all || name == "" && open > 0
}

// Brings reports whether a call that means this connection brings its endpoint; for "", whether it may.
func (c *Connector) Brings(name string) bool {
	if name != "" {
		connection := c.connections[name]
		return connection != nil && connection.Bring != nil
	}
	for _, connection := range c.connections {
		if connection.Bring != nil {
			return true
		}
	}
	return false
}
