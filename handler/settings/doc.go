// Package settings reads what an operator sets: environment variables and the connections file. All of it
// is checked before anything listens, and all complaints come together, without a secret in them.
//
//	environment --> Environment --+
//	connections.json --> file ----+--> Settings: connections with their endpoints, the keys of callers,
//	                                            schedules, and what sources of events may run
//
// It knows names of settings and what they mean, and is the only importer of envconfig. It must never hear
// of requests or of the events themselves.
package settings
