/** Names and shapes that deliveries are started with. */
export const deliveryWorkflowType = 'webhookDelivery';

/** A type and not an interface, so that it is plain JSON to whoever sends it. */
export type DeliveryInput = {
  readonly deliveryId: string;
  /** Counts from one: a dead delivery that is tried again is another round. */
  readonly round: number;
  readonly subscription: string;
};

/** What one attempt came to; `last`: it is the last one, whatever it comes to. */
export type DeliveryAttemptInput = DeliveryInput & { readonly last: boolean };

export type DeliveryReply = { readonly outcome: 'delivered' | 'refused' | 'dead' };

export function deliveryWorkflowId({ deliveryId, round }: DeliveryInput): string {
  return `delivery/${deliveryId}/${round}`;
}
