// Package rest is the inbound HTTP surface: one http.Handler that every host feeds.
//
//	framing, overload --> route, method --> caller --> connector.Invoke --> reply or event stream
//	                                                        \-> *connector.Error --> one writer
//
// It knows paths, headers and status lines, and writes the one log line of a call. It must never hear of
// model endpoints, or of which host it runs in.
package rest
