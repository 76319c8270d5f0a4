// Command package makes the zip files that Azure Functions and AWS Lambda run.
//
//	schema: actions --> one function.json per action --+
//	host.json, function.json, connections file --------+--> dist/azure-ARCH.zip
//	its schedules and queues --> function.json, events +--> dist/template.yaml, local.settings.json
//	go build --> handler or bootstrap -----------------+--> dist/lambda-ARCH.zip
//	             its build information ----------------+--> dist/*.deps.txt
//
// It knows the layout of both packages, and how each cloud is told of schedules and queues. The same sources make the same bytes, whenever and wherever it
// runs with the same Go release. It must never hear of requests.
package main
