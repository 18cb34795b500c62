import { testEnvironment } from '../support/temporal';
import { searchAttributes, retentionSeconds } from '../../platform/namespace';

describe('the server of the tests', () => {
  test('keeps closed runs for thirty days and knows our search attributes', async () => {
    const environment = await testEnvironment();

    const { namespace } = environment;
    const described = await environment.connection.workflowService.describeNamespace({ namespace });
    const attributes = await environment.connection.operatorService.listSearchAttributes({ namespace });

    expect(Number(described.config?.workflowExecutionRetentionTtl?.seconds)).toBe(retentionSeconds);
    expect(attributes.customAttributes).toMatchObject(searchAttributes);
    await environment.teardown();
  });
});
