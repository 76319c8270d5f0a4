// Package trigger runs actions for events that are not HTTP: queue messages, schedules, direct calls.
//
//	event --(a host)--> Call --Runner--> connector.Invoke --> whole output, or *connector.Error
//	                     |                     |
//	                     +-- Trigger: what     +--> Receiver: where outputs are delivered
//	                         its source may run
//
// It knows the envelope {"action","connection","input"} (design.md section 3) and what each source of events
// may run. It must never hear of the shapes in which hosts bring events, nor of the environment.
package trigger
