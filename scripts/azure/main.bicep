// Inference Connector as an Azure Functions custom handler, on Flex Consumption, where schedules are in UTC.
//   scripts/package-azure
//   az deployment group create -g GROUP -f dist/main.bicep -p name=contoso-inference callerKey=... endpointUrl=... endpointKey=...
//   az functionapp deployment source config-zip -g GROUP -n contoso-inference --src dist/azure-amd64.zip

@description('Name of the function app; its address is https://NAME.azurewebsites.net/api.')
@minLength(3)
@maxLength(50)
param name string

@description('Key that callers present as api-key: at least 32 characters, for example from openssl rand -hex 32. Leave empty when the package holds a connections file.')
@secure()
param callerKey string = ''

@description('Model endpoint of the connection default. Leave empty when the package holds a connections file.')
param endpointUrl string = ''

@description('Key of that endpoint.')
@secure()
param endpointKey string = ''

@description('What the connections file names by @appsetting, as one object: {"ORDERS_KEY":"...","OPENAI_KEY":"..."}. The packaging script prints the names.')
@secure()
param settings object = {}

@description('Queues of the triggers in the connections file, to be made: ["requests","results"]. The packaging script prints them.')
param queues array = []

@description('Redis in which all instances share the windows of the limit, such as rediss://user:password@host:6380. Without it each instance keeps its own.')
@secure()
param redisUrl string = ''

@description('Instances at most. Without Redis each keeps its own window, so this multiplies the limit of a connection.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

param location string = resourceGroup().location

var storageName = take('st${uniqueString(resourceGroup().id, name)}', 24)
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // for the package, and for the state of timers
var queueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88' // reads, writes, and makes the poison queues

// What is in settings wins over the parameters of the short form.
var appSettings = union({
  AzureWebJobsStorage__accountName: storageName
  CONNECTOR_RATE_LIMIT_SCOPE: empty(redisUrl) ? 'process' : 'shared'
  CONNECTOR_REDIS_URL: redisUrl
  CONNECTOR_CALLER_KEY: callerKey
  AZUREAI_ENDPOINT_URL: endpointUrl
  AZUREAI_ENDPOINT_KEY: endpointKey
}, settings)

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: storageName
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    minimumTlsVersion: 'TLS1_2'
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource packages 'containers' = {
      name: 'packages'
    }
  }
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2023-05-01' = if (!empty(queues)) {
  parent: storage
  name: 'default'
}

resource queue 'Microsoft.Storage/storageAccounts/queueServices/queues@2023-05-01' = [for queueName in queues: {
  parent: queueService
  name: queueName
}]

resource plan 'Microsoft.Web/serverfarms@2023-12-01' = {
  name: '${name}-plan'
  location: location
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2023-12-01' = {
  name: name
  location: location
  kind: 'functionapp,linux'
  identity: { type: 'SystemAssigned' }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}packages'
          authentication: { type: 'SystemAssignedIdentity' }
        }
      }
      runtime: { name: 'custom', version: '1.0' }
      scaleAndConcurrency: { instanceMemoryMB: 512, maximumInstanceCount: maximumInstances }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      appSettings: map(items(appSettings), setting => { name: setting.key, value: setting.value })
    }
  }
}

resource packageAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, app.id, blobDataOwner)
  scope: storage
  properties: {
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataOwner)
  }
}

resource queueAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(queues)) {
  name: guid(storage.id, app.id, queueDataContributor)
  scope: storage
  properties: {
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', queueDataContributor)
  }
}

output address string = 'https://${app.properties.defaultHostName}/api'
