// Command handler is Inference Connector: it puts AI models into workflows.
//
//	main --> command: serve | invoke | check | schedules | emulator | version
//	           |
//	           +--> settings --> connector --> rest --+--> http.Server, standalone; schedule.Book keeps time beside it
//	                   |                              +--> functions --> http.Server, behind the Functions host
//	                   +--> emulator, when nothing    +--> lambda --> the Lambda runtime
//	                        is configured
//
// This package picks the command and the host and wires the rooms together; it knows nothing else.
package main
