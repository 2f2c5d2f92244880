import { catalogue } from '../../tws/message.ts';
import * as orders from '../../tws/messages/orders.ts';

export const { placeOrder, cancelOrder, reqExecutions, reqCompletedOrders } = orders.requests;

const { openOrder, orderStatus, execDetailsEnd, completedOrdersEnd } = orders.answers;
const ANSWERS = { openOrder, orderStatus, execDetailsEnd, completedOrdersEnd };

export const orderAnswers = catalogue<(typeof ANSWERS)[keyof typeof ANSWERS]>(ANSWERS);
